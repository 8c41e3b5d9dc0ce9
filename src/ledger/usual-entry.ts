import type { LedgerEntry } from "./ledger.ts";

/**
 * A usual entry, checked field by field: a ledger has tens of thousands of lines, and the schema takes three times as long for each.
 * Null: it is not one, and the schema decides.
 */
export function usualEntry(value: unknown): LedgerEntry | null {
  if (!isObject(value) || value["schema_version"] !== 1 || SELDOM.some((name) => name in value)) return null;
  const { time, kind, tokens, checks, first_pass, handoff } = value;
  const fits =
    TEXTS.every((name) => typeof value[name] === "string") &&
    NAMES.every((name) => value[name] === null || typeof value[name] === "string") &&
    COUNTS.every((name) => isCount(value[name])) &&
    MAYBE_COUNTS.every((name) => value[name] === null || isCount(value[name])) &&
    (first_pass === null || typeof first_pass === "boolean") &&
    (tokens === null || hasCounts(tokens, TOKENS)) &&
    hasCounts(checks, CHECKS);
  const usual = fits && isTime(time) && KINDS.has(kind) && (handoff === null || isHandoff(handoff));
  return usual ? (value as unknown as LedgerEntry) : null;
}

const SELDOM = ["batch", "orchestration", "list_price_usd"];
const TEXTS = ["run_id", "status"];
const NAMES = ["session_id", "project", "role", "model", "effort", "codex_version", "error_kind"];
const COUNTS = ["exit_code", "elapsed_ms", "repair_rounds", "asked"];
const MAYBE_COUNTS = ["files_changed", "lines_added", "lines_removed"];
const TOKENS = ["input", "cached_input", "output", "reasoning_output", "total"];
const CHECKS = ["passed", "total"];
const KINDS: ReadonlySet<unknown> = new Set<LedgerEntry["kind"]>(["ask", "session", "handoff", "review"]);

function isHandoff(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { committed, violations, failures, document } = value;
  return (
    ["task_id", "type", "verdict"].every((name) => typeof value[name] === "string") &&
    typeof committed === "boolean" &&
    [violations, failures].every((rules) => Array.isArray(rules) && rules.every((rule) => typeof rule === "string")) &&
    (document === undefined || typeof document === "string")
  );
}

function isTime(value: unknown): boolean {
  return typeof value === "string" && /^\d{4}-.*Z$/.test(value) && !Number.isNaN(Date.parse(value));
}

function hasCounts(value: unknown, names: readonly string[]): boolean {
  return isObject(value) && names.every((name) => isCount(value[name]));
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
