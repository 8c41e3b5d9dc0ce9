import { SANDBOX_MODES } from "../../codex/settings.ts";
import type { ThreadRecord } from "./thread-record.ts";

type Check = (value: unknown) => boolean;
type Shape<T> = Readonly<Record<keyof T, Check>>;

const isText: Check = (value) => typeof value === "string";
const isTextOrNull: Check = (value) => value === null || isText(value);
const areTexts: Check = (value) => Array.isArray(value) && value.every(isText);
const isOneOf =
  (...words: readonly unknown[]): Check =>
  (value) =>
    words.includes(value);

const SANDBOX: Shape<ThreadRecord["settings"]["sandbox"]> = {
  mode: isOneOf(...SANDBOX_MODES),
  network: isOneOf(true, false),
  writableRoots: areTexts,
};

const SETTINGS: Shape<ThreadRecord["settings"]> = {
  cwd: isText,
  sandbox: (value) => fits(value, SANDBOX),
  approvals: isOneOf("never", "on-request"),
  model: isText,
  effort: isTextOrNull,
};

const RECORD: Shape<ThreadRecord> = {
  schema_version: isOneOf(1),
  thread_id: isText,
  name: isTextOrNull,
  workspace: isText,
  settings: (value) => fits(value, SETTINGS),
  last_effort: isTextOrNull,
  open_questions: areTexts,
  title: isText,
  last_status: isText,
  last_run_id: isText,
  created_at: isText,
  updated_at: isText,
};

/**
 * The record of a thread, checked field by field without zod, whose loading takes longer than reading all of them. Null: it is not one,
 * and the schema in `thread-record.ts` decides.
 */
export function usualRecord(value: unknown): ThreadRecord | null {
  return fits<ThreadRecord>(value, RECORD) ? value : null;
}

function fits<T extends object>(value: unknown, shape: Shape<T>): value is T {
  if (typeof value !== "object" || value === null) return false;
  const fields: Readonly<Record<string, unknown>> = { ...value };
  return Object.entries<Check>(shape).every(([name, check]) => check(fields[name]));
}
