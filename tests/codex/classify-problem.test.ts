import { expect, test } from "vitest";
import { classifyProblem, explainRefusal, httpStatusOf, isEndlessRetry } from "../../src/codex/classify-problem.ts";
import { RpcError } from "../../src/codex/connection.ts";
import type { TurnError } from "../../src/codex/messages.ts";
import type { ErrorKind } from "../../src/errors.ts";

type Info = TurnError["codexErrorInfo"];

function problem(message: string, codexErrorInfo: Info = "other", additionalDetails: string | null = null): TurnError {
  return { message, codexErrorInfo, additionalDetails };
}

const http = (httpStatusCode: number | null) => ({ httpConnectionFailed: { httpStatusCode } });
const attempts = (httpStatusCode: number | null) => ({ responseTooManyFailedAttempts: { httpStatusCode } });
const disconnected = (httpStatusCode: number | null) => ({ responseStreamDisconnected: { httpStatusCode } });

test.each<{ info: Info; kind: ErrorKind }>([
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
  { info: { activeTurnNotSteerable: { turnKind: "review" } }, kind: "turn_failed" },
  { info: "aKindOfALaterVersion", kind: "turn_failed" },
  { info: "constructor", kind: "turn_failed" },
  { info: null, kind: "turn_failed" },
  { info: http(401), kind: "auth" },
  { info: http(403), kind: "auth" },
  { info: http(404), kind: "network" },
  { info: http(408), kind: "network" },
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
])("by its type alone, $info is $kind", ({ info, kind }) => {
  expect(classifyProblem(problem("some words", info))).toBe(kind);
});

const url = "url: http://127.0.0.1:1/v1/responses";
const modelMissing = `unexpected status 404 Not Found: The model \`foo\` does not exist, ${url}`;
const notSupported = '{"error":{"message":"The \'foo\' model is not supported","code":"model_not_found"}}';
const broken = "stream disconnected before completion: Transport error: network error: error decoding response body";

// Measured: what 0.169 types, 0.150 mostly tells in words only.
test.each<{ message: string; info: Info; kind: ErrorKind }>([
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
])("'$message' as $info is $kind", ({ message, info, kind }) => {
  expect(classifyProblem(problem(message, info))).toBe(kind);
});

test.each([
  "the tests say: unexpected status 401 Unauthorized",
  "I found that the Rate limit reached its end",
  "Your code prints 'Missing environment variable: X'",
  "see docs: Selected model is at capacity",
])("words of a model are not taken for Codex's own: %s", (message) => {
  expect(classifyProblem(problem(message))).toBe("turn_failed");
});

test.each([
  { name: "typed", error: problem("x", http(502)), status: 502 },
  { name: "in the sentence", error: problem("unexpected status 403 Forbidden: x"), status: 403 },
  { name: "in the other sentence", error: problem("exceeded retry limit, last status: 429 …"), status: 429 },
  { name: "typed and in the sentence", error: problem("unexpected status 403 Forbidden", http(401)), status: 401 },
  { name: "typed as none", error: problem("Reconnecting... 2/5", disconnected(null)), status: null },
  { name: "nowhere", error: problem("stream closed"), status: null },
  { name: "in the middle of other words", error: problem("I saw unexpected status 401 there"), status: null },
])("the HTTP status is read where it is: $name", ({ error, status }) => {
  expect(httpStatusOf(error)).toBe(status);
});

test.each([
  {
    message: "Reconnecting... waiting for network",
    details: "Connection failed: error sending request",
    endless: true,
  },
  { message: "Reconnecting...", details: "waiting for network", endless: true },
  { message: "Reconnecting... 1/5", details: null, endless: false },
  { message: "Reconnecting... 5/5", details: "Connection failed: error sending request", endless: false },
])("only a retry without a count is endless: $message ($details)", ({ message, details, endless }) => {
  expect(isEndlessRetry(problem(message, disconnected(null), details))).toBe(endless);
});

test.each<{ refusal: string; kind: ErrorKind }>([
  { refusal: "no rollout found for thread id 1", kind: "session_unknown" },
  { refusal: "invalid thread id: x", kind: "session_unknown" },
  { refusal: "thread 1 already has an active writer", kind: "session_busy" },
  { refusal: "failed to load configuration: bad", kind: "config" },
  { refusal: "invalid thread settings override: invalid value for `sandbox_mode`: no", kind: "sandbox" },
  { refusal: "invalid thread settings override: invalid value for `model`: no", kind: "protocol" },
  { refusal: "a sentence of a later version", kind: "protocol" },
])("a request that is refused with '$refusal' is $kind", ({ refusal, kind }) => {
  expect(explainRefusal(new RpcError("turn/start", { message: refusal }))).toMatchObject({ kind, message: refusal });
});
