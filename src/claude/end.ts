import { AskCodexError, asExpected, type ErrorKind } from "../errors.ts";
import { oneLine } from "../text/defuse.ts";
import type { ClaudeRun } from "./fold-run.ts";

/** How the process ended. */
export interface ClaudeExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** It could not be started. */
  readonly error: Error | null;
  readonly stderr: string;
}

/**
 * Why Claude Code could not do its work; null: it came to an end of its own. The last result decides, never the exit code or the
 * subtype alone: a missing login is a "success", and so is a refusal.
 */
export function problemOf({ result, retrying, text }: ClaudeRun, exit: ClaudeExit): AskCodexError | null {
  if (exit.error !== null) return notStarted(exit.error);
  if (result === null) return withoutResult(retrying, exit);
  const stated = oneLine(result.result ?? result.errors?.map(String).join("; ") ?? "", 400);
  const said = stated || oneLine(text, 400) || result.subtype;
  if (result.subtype === "error_max_structured_output_retries") return null;
  if (result.terminal_reason === "budget_exhausted" || result.subtype === "error_max_budget_usd")
    return new AskCodexError("budget", "the budget of the delegation is used up");
  if (!result.is_error && result.subtype === "success") return null;
  const status = result.api_error_status ?? retrying?.status ?? statusIn(stated);
  return explained({ status, reason: result.terminal_reason ?? "", stated }, said);
}

/** Older versions say a status that lasts in words alone: "API Error: Repeated 529 Overloaded errors". */
function statusIn(stated: string): number | null {
  const [, status] = /^API Error: (?:Repeated )?([45]\d\d)\b/.exec(stated) ?? [];
  return status === undefined ? null : Number(status);
}

/** No descriptor, no process, no memory left: that is the machine's, and named as that. */
function notStarted(error: Error): AskCodexError {
  const known = asExpected(error, "Claude Code cannot be started");
  return known.kind === "system" ? known : new AskCodexError("claude_missing", known.message, { cause: error });
}

/** 401 and 403 do not pass by themselves, and Claude Code would try for minutes. */
export function isHopeless({ retrying }: ClaudeRun): boolean {
  return retrying?.status === 401 || retrying?.status === 403;
}

function withoutResult(retrying: ClaudeRun["retrying"], { code, signal, stderr }: ClaudeExit): AskCodexError {
  if (retrying !== null) {
    const said = retrying.error ?? `HTTP ${retrying.status}`;
    return explained({ status: retrying.status, stated: said }, `the API answers: ${said}`);
  }
  const words = oneLine(stderr, 400);
  if (/unknown option|unexpected argument/i.test(stderr)) return problem("claude_incompatible", words);
  const how = signal === null ? `exit code ${code}` : signal;
  return problem("claude_crashed", `Claude Code ended (${how}) without a result${words === "" ? "" : `: ${words}`}`);
}

interface Stated {
  readonly status: number | null;
  readonly reason?: string;
  /** The error in Claude Code's own words; what a model said is not among them. */
  readonly stated: string;
}

/** With advice that fits, and of a page for a browser without its markup. */
function explained(error: Stated, said: string): AskCodexError {
  const { status, stated } = error;
  const refused = status === 403 && (PAGE.test(stated) || REGION.test(stated));
  const kind = refused ? "network" : kindOf(error);
  const words = PAGE.test(stated)
    ? `HTTP ${status ?? "error"}: the answer was an HTML page instead of the API's`
    : said;
  return refused ? new AskCodexError(kind, words, { hint: OTHER_NETWORK }) : problem(kind, words);
}

const PAGE = /<(?:!doctype|html|head|body)\b/i;
const REGION = /\b(?:country|countries|region|territory)\b|unsupported_country/i;
const OTHER_NETWORK =
  "The provider does not serve this network or region: reach it by another one. A new login does not help.";

function kindOf({ status, reason, stated: said }: Stated): ErrorKind {
  if (reason === "prompt_too_long") return "context_window";
  // A plan's limit comes as 429, too, and does not pass within a minute; an account without credits as 400.
  if (/\b(?:usage|session|weekly|daily|opus|5-hour) limit\b|hit your limit|credit balance is too low/i.test(said))
    return "usage_limit";
  if (status === 402) return "usage_limit";
  if (status === 401 || status === 403 || /not logged in|please run \/login|invalid api key/i.test(said)) return "auth";
  if (status === 404) return "model_unavailable";
  if (status === 429) return "rate_limit";
  if (status !== null && status >= 500) return "overloaded";
  if (/ECONN|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|connection error/i.test(said)) return "network";
  return "turn_failed";
}

function problem(kind: ErrorKind, message: string): AskCodexError {
  const hint = HINTS[kind];
  return new AskCodexError(kind, message, hint === undefined ? {} : { hint });
}

/** Where the advice of the kind is about Codex. */
const HINTS: Readonly<Partial<Record<ErrorKind, string>>> = {
  auth: "Log in to Claude Code (`claude`, then /login), or set ANTHROPIC_API_KEY; `ask-codex doctor` says whether it is.",
  model_unavailable: "Choose another model with --claude-model.",
  context_window: "Split the task, or name fewer files to read.",
  usage_limit: "Wait until the limit is lifted, add credits, or let Codex do it (--executor codex).",
  turn_failed: "The delegation's folder has what Claude Code printed.",
};
