import type { ErrorKind } from "../errors.ts";
import type { TurnError } from "./messages.ts";

/**
 * The error kind of what Codex reported. The typed `codexErrorInfo` decides; where it says `other` (Codex 0.150 does for most
 * HTTP errors), the HTTP status in Codex's own sentence and the provider's error code do. Free text is never guessed at.
 */
export function classifyProblem(error: TurnError): ErrorKind {
  const { name, httpStatus } = readInfo(error);
  const known = lookUp(BY_NAME, name);
  if (known !== undefined) return known;
  const coded = lookUp(BY_CODE, /"code"\s*:\s*"([a-z_]+)"/.exec(error.message)?.[1] ?? null);
  if (coded !== undefined) return coded;
  if (httpStatus !== null) return byStatus(httpStatus, error.message);
  const told = BY_SENTENCE.find(([sentence]) => sentence.test(error.message))?.[1];
  return told ?? (name !== null && CONNECTIONS.has(name) ? "network" : "turn_failed");
}

/** The HTTP status that Codex met, if any: typed, or in its sentence "unexpected status 401 …". */
export function httpStatusOf(error: TurnError): number | null {
  return readInfo(error).httpStatus;
}

/** Codex waits for the network without counting its tries: this notice comes again and again and never ends by itself. */
export function isEndlessRetry(error: TurnError): boolean {
  return /waiting for network/i.test(`${error.message} ${error.additionalDetails ?? ""}`);
}

/** Names and codes come from outside: `constructor` is none of ours. */
function lookUp(table: Readonly<Record<string, ErrorKind>>, name: string | null): ErrorKind | undefined {
  return name !== null && Object.hasOwn(table, name) ? table[name] : undefined;
}

const BY_NAME: Readonly<Record<string, ErrorKind>> = {
  unauthorized: "auth",
  usageLimitExceeded: "usage_limit",
  sessionBudgetExceeded: "usage_limit",
  rateLimitExceeded: "rate_limit",
  flexUnavailable: "overloaded",
  serverOverloaded: "overloaded",
  policyCapacityUnavailable: "overloaded",
  internalServerError: "overloaded",
  modelNotFound: "model_unavailable",
  contextWindowExceeded: "context_window",
  sandboxError: "sandbox",
};

const BY_CODE: Readonly<Record<string, ErrorKind>> = {
  model_not_found: "model_unavailable",
  insufficient_quota: "usage_limit",
  usage_limit_reached: "usage_limit",
  rate_limit_exceeded: "rate_limit",
  context_length_exceeded: "context_window",
  server_is_overloaded: "overloaded",
  invalid_api_key: "auth",
};

/** Variants with an HTTP status; where that is null, no answer came. */
const CONNECTIONS: ReadonlySet<string> = new Set([
  "httpConnectionFailed",
  "responseStreamConnectionFailed",
  "responseStreamDisconnected",
  "responseTooManyFailedAttempts",
]);

/** Codex's own sentences, for versions whose typed field says `other`. Anchored: a model's words never begin like this. */
const BY_SENTENCE: readonly (readonly [RegExp, ErrorKind])[] = [
  [/^Missing environment variable: /, "auth"],
  [/^stream disconnected before completion: Rate limit reached/i, "rate_limit"],
  [/^stream disconnected before completion: (?:transport error|stream closed|idle timeout)/i, "network"],
  [/^(?:Connection failed|error sending request|Reconnecting)/i, "network"],
  [/^The '[^']+' model is not supported/, "model_unavailable"],
  [/^(?:We're currently experiencing high demand|Selected model is at capacity)/, "overloaded"],
];

function byStatus(status: number, message: string): ErrorKind {
  if (status === 401 || status === 403 || status === 407) return "auth";
  if (status === 429) return "rate_limit";
  if (status === 404) return /\bmodel\b/i.test(message) ? "model_unavailable" : "network";
  if (status === 408) return "network";
  if (status >= 500) return "overloaded";
  return "turn_failed";
}

/** Variants with an HTTP status are objects, `{httpConnectionFailed: {httpStatusCode: 401}}`; null there: no answer came. */
function readInfo({ codexErrorInfo: info, message }: TurnError): { name: string | null; httpStatus: number | null } {
  const inSentence = /^(?:exceeded retry limit, last status: |unexpected status )(\d{3})\b/.exec(message)?.[1];
  const httpStatus = inSentence === undefined ? null : Number(inSentence);
  if (typeof info === "string") return { name: info, httpStatus };
  const [name, content] = Object.entries(info ?? {})[0] ?? [];
  return { name: name ?? null, httpStatus: content?.httpStatusCode ?? httpStatus };
}
