import { AskCodexError, asExpected, type ErrorKind } from "../errors.ts";
import { RpcError } from "./connection.ts";
import { inputError, type TurnError } from "./messages.ts";
import { type ProviderAnswer, readProviderAnswer } from "./provider-answer.ts";
import {
  kindSaid,
  saysBlocked,
  saysModel,
  saysRegion,
  saysSettingsRefused,
  saysWaitingForNetwork,
  statusSaid,
} from "./sentences.ts";

/**
 * The error kind of what Codex reported. The typed `codexErrorInfo` decides; where it says `other` (Codex 0.150 does for most
 * HTTP errors), the HTTP status in Codex's own sentence and the provider's error code do. Free text is never guessed at.
 */
export function classifyProblem(error: TurnError): ErrorKind {
  const { name, httpStatus } = readInfo(error);
  const known = lookUp(BY_NAME, name);
  if (known !== undefined) return known;
  const answer = readProviderAnswer(error);
  const coded = answer.codes.map((code) => lookUp(BY_CODE, code)).find((kind) => kind !== undefined);
  if (coded !== undefined) return coded;
  const said = kindSaid("turn", error.message) ?? kindSaid("turn", answer.sentence);
  if (httpStatus !== null) return byStatus(httpStatus, answer) ?? said ?? "turn_failed";
  return said ?? (name !== null && CONNECTIONS.has(name) ? "network" : "turn_failed");
}

/** What Codex reported, as an error of ours: in its own sentence, and with advice that fits it. */
export function explainProblem(error: TurnError, resetsAt: number | null): AskCodexError {
  const kind = classifyProblem(error);
  const { sentence, isPage } = readProviderAnswer(error);
  const httpStatus = readInfo(error).httpStatus ?? (saysBlocked(error.message) || saysRegion(sentence) ? 403 : null);
  const status = isPage && httpStatus !== null ? `HTTP ${httpStatus}: ` : "";
  const { additionalDetails } = error;
  const details = additionalDetails ? ` (${readProviderAnswer({ message: additionalDetails }).sentence})` : "";
  const lifted = kind === "usage_limit" ? resetsAt : null;
  const hint = adviceFor(kind, httpStatus, lifted);
  return new AskCodexError(kind, `${status}${sentence}${details}`, { resetsAt: lifted, ...(hint && { hint }) });
}

/** Where the kind's own advice would lead astray. */
function adviceFor(kind: ErrorKind, httpStatus: number | null, resetsAt: number | null): string | null {
  if (kind === "network" && (httpStatus === 403 || httpStatus === 451))
    return "The provider does not serve this network or region: reach it by another one. A new login does not help.";
  if (kind === "network" && httpStatus === 407) return "The proxy wants a login of its own: put it into HTTPS_PROXY.";
  if (kind === "usage_limit" && resetsAt === null)
    return "Add credits or change the plan, as the message says, or do the task without Codex.";
  return null;
}

/** The HTTP status that Codex met, if any: typed, or in its sentence "unexpected status 401 …". */
export function httpStatusOf(error: TurnError): number | null {
  return readInfo(error).httpStatus;
}

/** Codex waits for the network without counting its tries: this notice comes again and again and never ends by itself. */
export function isEndlessRetry(error: TurnError): boolean {
  return saysWaitingForNetwork(`${error.message} ${error.additionalDetails ?? ""}`);
}

/** Why Codex refused a request, as an error of ours; whatever else went wrong in it comes back as such an error, too. */
export function explainRefusal(error: unknown): AskCodexError {
  if (!(error instanceof RpcError)) return asExpected(error);
  const { success, data } = inputError.safeParse(error.data);
  if (success) return inputTooLarge(data.actual_chars, data.max_chars);
  const kind = kindSaid("refusal", error.message) ?? "protocol";
  if (saysSettingsRefused(error.message)) return settingsRefused(kind, error.message, error);
  return new AskCodexError(kind, error.message, { cause: error });
}

/** The settings that were asked for cannot be had. */
export function settingsRefused(kind: ErrorKind, message: string, cause?: unknown): AskCodexError {
  const hint = "Check the Codex configuration, an administrator's included, for what overrides it.";
  return new AskCodexError(kind, message, { hint, cause });
}

/** More characters than Codex takes. */
export function inputTooLarge(actual: number, max: number): AskCodexError {
  return new AskCodexError("input_too_large", `the input has ${actual} characters, and Codex takes ${max}`);
}

/** Names and codes come from outside: `constructor` is not one of ours. */
function lookUp(table: Readonly<Record<string, ErrorKind>>, name: string | null): ErrorKind | undefined {
  return name !== null && Object.hasOwn(table, name) ? table[name] : undefined;
}

export const BY_NAME: Readonly<Record<string, ErrorKind>> = {
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

export const BY_CODE: Readonly<Record<string, ErrorKind>> = {
  model_not_found: "model_unavailable",
  insufficient_quota: "usage_limit",
  usage_limit_reached: "usage_limit",
  rate_limit_exceeded: "rate_limit",
  context_length_exceeded: "context_window",
  server_is_overloaded: "overloaded",
  invalid_api_key: "auth",
  // What a payment-required answer (402) may name.
  billing_hard_limit_reached: "usage_limit",
  billing_not_active: "usage_limit",
  usage_not_included: "usage_limit",
  deactivated_workspace: "auth",
  account_deactivated: "auth",
  // In whatever status they come.
  unsupported_country_region_territory: "network",
  model_not_supported: "model_unavailable",
  unsupported_model: "model_unavailable",
  DeploymentNotFound: "model_unavailable",
  slow_down: "overloaded",
  overloaded_error: "overloaded",
  rate_limit_error: "rate_limit",
  authentication_error: "auth",
};

/** Variants with an HTTP status; where that is null, no answer came. */
const CONNECTIONS: ReadonlySet<string> = new Set([
  "httpConnectionFailed",
  "responseStreamConnectionFailed",
  "responseStreamDisconnected",
  "responseTooManyFailedAttempts",
]);

/** Null: the status says too little. */
function byStatus(status: number, { sentence, codes, isPage }: ProviderAnswer): ErrorKind | null {
  if (status === 401) return "auth";
  if (status === 402) return "usage_limit";
  if (status === 403) return isPage || saysRegion(sentence) || codes.some(saysRegion) ? "network" : "auth";
  if (status === 407 || status === 451) return "network";
  if (status === 429) return "rate_limit";
  if (status === 404) return saysModel(sentence) ? "model_unavailable" : "network";
  if (status === 408) return "network";
  if (status >= 500) return "overloaded";
  return null;
}

/** Variants with an HTTP status are objects, `{httpConnectionFailed: {httpStatusCode: 401}}`; null there: no answer came. */
function readInfo({ codexErrorInfo: info, message }: TurnError): { name: string | null; httpStatus: number | null } {
  const httpStatus = statusSaid(message);
  if (typeof info === "string") return { name: info, httpStatus };
  const [name, content] = Object.entries(info ?? {})[0] ?? [];
  return { name: name ?? null, httpStatus: content?.httpStatusCode ?? httpStatus };
}
