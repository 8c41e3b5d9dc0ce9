import type { TurnError } from "../../src/codex/messages.ts";
import type { ErrorKind } from "../../src/errors.ts";

type Info = TurnError["codexErrorInfo"];

export const http = (httpStatusCode: number | null) => ({ httpConnectionFailed: { httpStatusCode } });
const attempts = (httpStatusCode: number | null) => ({ responseTooManyFailedAttempts: { httpStatusCode } });
export const disconnected = (httpStatusCode: number | null) => ({ responseStreamDisconnected: { httpStatusCode } });

/** Every type that Codex gives an error, and some that it does not. */
export const ERROR_INFOS: readonly { readonly info: Info; readonly kind: ErrorKind }[] = [
  { info: "unauthorized", kind: "auth" },
  { info: "usageLimitExceeded", kind: "usage_limit" },
  { info: "sessionBudgetExceeded", kind: "usage_limit" },
  { info: "rateLimitExceeded", kind: "rate_limit" },
  { info: "serverOverloaded", kind: "overloaded" },
  { info: "flexUnavailable", kind: "overloaded" },
  { info: "policyCapacityUnavailable", kind: "overloaded" },
  { info: "internalServerError", kind: "overloaded" },
  { info: "modelNotFound", kind: "model_unavailable" },
  { info: "contextWindowExceeded", kind: "context_window" },
  { info: "sandboxError", kind: "sandbox" },
  { info: "badRequest", kind: "turn_failed" },
  { info: "threadRollbackFailed", kind: "turn_failed" },
  { info: "cyberPolicy", kind: "turn_failed" },
  { info: "misalignmentPolicyViolation", kind: "turn_failed" },
  { info: "inferenceHookDenied", kind: "turn_failed" },
  { info: "tooManyDenials", kind: "turn_failed" },
  { info: "bioPolicy", kind: "turn_failed" },
  { info: { activeTurnNotSteerable: { turnKind: "review" } }, kind: "turn_failed" },
  { info: "aKindOfALaterVersion", kind: "turn_failed" },
  { info: "constructor", kind: "turn_failed" },
  { info: null, kind: "turn_failed" },
  { info: http(401), kind: "auth" },
  { info: http(403), kind: "auth" },
  { info: http(404), kind: "network" },
  { info: http(402), kind: "usage_limit" },
  { info: http(407), kind: "network" },
  { info: http(408), kind: "network" },
  { info: http(451), kind: "network" },
  { info: http(400), kind: "turn_failed" },
  { info: http(429), kind: "rate_limit" },
  { info: http(500), kind: "overloaded" },
  { info: http(503), kind: "overloaded" },
  { info: attempts(429), kind: "rate_limit" },
  { info: attempts(503), kind: "overloaded" },
  { info: disconnected(401), kind: "auth" },
  { info: { responseStreamConnectionFailed: { httpStatusCode: 502 } }, kind: "overloaded" },
  // No status: no answer came.
  { info: http(null), kind: "network" },
  { info: attempts(null), kind: "network" },
  { info: disconnected(null), kind: "network" },
  { info: { responseStreamConnectionFailed: { httpStatusCode: null } }, kind: "network" },
];

const url = "url: http://127.0.0.1:1/v1/responses";
const modelMissing = `unexpected status 404 Not Found: The model \`foo\` does not exist, ${url}`;
const notSupported = '{"error":{"message":"The \'foo\' model is not supported","code":"model_not_found"}}';
const broken = "stream disconnected before completion: Transport error: network error: error decoding response body";

/** What Codex says in words, with the type that goes with it. */
export const SENTENCES_OF_TURNS: readonly {
  readonly message: string;
  readonly info: Info;
  readonly kind: ErrorKind;
}[] = [
  { message: `unexpected status 401 Unauthorized: no key, ${url}`, info: http(401), kind: "auth" },
  { message: `unexpected status 401 Unauthorized: no key, ${url}`, info: "other", kind: "auth" },
  { message: `unexpected status 403 Forbidden: not yours, ${url}`, info: http(403), kind: "auth" },
  { message: `unexpected status 403 Forbidden: not yours, ${url}`, info: "other", kind: "auth" },
  { message: `unexpected status 503 Service Unavailable: down, ${url}`, info: http(503), kind: "overloaded" },
  { message: `unexpected status 503 Service Unavailable: down, ${url}`, info: "other", kind: "overloaded" },
  { message: modelMissing, info: http(404), kind: "model_unavailable" },
  { message: modelMissing, info: "other", kind: "model_unavailable" },
  { message: `unexpected status 404 Not Found: nothing here, ${url}`, info: http(404), kind: "network" },
  { message: "exceeded retry limit, last status: 429 Too Many Requests", info: attempts(429), kind: "rate_limit" },
  { message: "exceeded retry limit, last status: 429 Too Many Requests", info: "other", kind: "rate_limit" },
  { message: "We're currently experiencing high demand, …", info: "internalServerError", kind: "overloaded" },
  { message: "We're currently experiencing high demand, …", info: "other", kind: "overloaded" },
  { message: "Selected model is at capacity. Try another one.", info: "serverOverloaded", kind: "overloaded" },
  { message: "Selected model is at capacity. Try another one.", info: "other", kind: "overloaded" },
  { message: broken, info: "other", kind: "network" },
  { message: "stream disconnected before completion: stream closed before …", info: "other", kind: "network" },
  { message: "stream disconnected before completion: error sending request", info: "other", kind: "network" },
  { message: "stream disconnected before completion: Rate limit reached for x", info: "other", kind: "rate_limit" },
  { message: "stream disconnected before completion: weird", info: "other", kind: "turn_failed" },
  { message: "Quota exceeded. Check your plan.", info: "usageLimitExceeded", kind: "usage_limit" },
  { message: "Codex ran out of room in the model's context.", info: "contextWindowExceeded", kind: "context_window" },
  { message: notSupported, info: "other", kind: "model_unavailable" },
  { message: '{"error":{"message":"bad thing","code":"invalid_request"}}', info: "other", kind: "turn_failed" },
  { message: '{"error":{"message":"bad thing","code":"constructor"}}', info: "other", kind: "turn_failed" },
  { message: '{"error": {"code": "insufficient_quota"}}', info: http(429), kind: "usage_limit" },
  { message: "Missing environment variable: `NOPE_KEY`.", info: "other", kind: "auth" },
  { message: "Connection failed: error sending request", info: "other", kind: "network" },
  { message: "Reconnecting... waiting for network", info: disconnected(null), kind: "network" },
  { message: "Reconnecting... 1/5", info: disconnected(401), kind: "auth" },
  {
    message: "Access blocked by Cloudflare. You may be in a restricted region (status 403)",
    info: "other",
    kind: "network",
  },
];

/** What Codex refuses a request with. */
export const REFUSALS: readonly { readonly refusal: string; readonly kind: ErrorKind }[] = [
  { refusal: "no rollout found for thread id 1", kind: "session_unknown" },
  { refusal: "invalid thread id: x", kind: "session_unknown" },
  { refusal: "thread 1 already has an active writer", kind: "session_busy" },
  { refusal: "failed to open a lock: No file descriptors available (os error 24)", kind: "system" },
  { refusal: "failed to load configuration: bad", kind: "config" },
  { refusal: "invalid thread settings override: invalid value for `sandbox_mode`: no", kind: "sandbox" },
  { refusal: "invalid thread settings override: invalid value for `model`: no", kind: "protocol" },
  { refusal: "thread not found: 1", kind: "session_unknown" },
  { refusal: "error creating thread: required MCP servers failed to initialize: gone: No such file", kind: "config" },
  { refusal: "a sentence of a later version", kind: "protocol" },
];

/** What Codex has on stderr when it ends before it is ready. */
export const STARTS: readonly { readonly stderr: string; readonly kind: ErrorKind }[] = [
  { stderr: "error: unrecognized subcommand 'app-server'\n", kind: "codex_incompatible" },
  { stderr: 'Error: approval_policy = "untrusted" is no longer supported; remove this setting\n', kind: "config" },
  { stderr: "Error: thread 'main': No space left on device (os error 28)\n", kind: "system" },
  { stderr: "Error: CODEX_HOME points to a folder that is not there\n", kind: "config" },
  { stderr: "Error: failed to initialize sqlite: disk I/O error\n", kind: "config" },
  { stderr: "warning\nError: unknown variant `x`\n", kind: "config" },
  { stderr: "Error: Missing optional dependency @openai/codex-linux-x64\n", kind: "codex_missing" },
  { stderr: "what nobody knows\n", kind: "codex_incompatible" },
  { stderr: "", kind: "codex_incompatible" },
];
