import type { StateFile } from "./state-file.ts";
import { RUN_STATUSES, SESSION_STATUSES } from "./statuses.ts";

type Kind =
  | "text"
  | "text or null"
  | "number"
  | "number or null"
  | "status"
  | "run status"
  | "flag"
  | "texts"
  | "none"
  | "null";

/** The fields of a session's state that no question waits in (`open_requests` is empty) and no orchestration works in. */
const SHAPE = {
  broker_id: "text",
  session_dir: "text",
  name: "text or null",
  workspace: "text",
  model: "text or null",
  reasoning: "text or null",
  sandbox_mode: "text or null",
  read_only: "flag",
  full_auto: "flag",
  timeout_secs: "number",
  idle_timeout_secs: "number",
  file_refs: "texts",
  status: "status",
  last_run_status: "run status",
  worker_pid: "number or null",
  current_pid: "number or null",
  session_id: "text or null",
  current_run_dir: "text or null",
  current_message: "text or null",
  last_output_path: "text or null",
  last_exit_code: "number or null",
  pending_count: "number",
  latest_progress: "text",
  latest_summary: "text",
  started_at: "text",
  updated_at: "text",
  schema_version: "number",
  error_kind: "text or null",
  queue_held: "flag",
  resume_with: "text or null",
  run_id: "text or null",
  open_requests: "none",
  questions: "texts",
  approvals: "text",
  network: "flag",
  worktree: "text or null",
  started_in: "text",
  orchestration: "null",
} as const satisfies Record<keyof StateFile, Kind>;

/**
 * A usual state, checked field by field without zod, whose loading takes longer than all that a look at a session does. Null: it is
 * not one, and who knows the whole schema decides.
 */
export function usualState(value: unknown): StateFile | null {
  const fits = isObject(value) && Object.entries(SHAPE).every(([name, kind]) => FITS[kind](value[name]));
  return fits && value["schema_version"] === 1 ? (value as StateFile) : null;
}

const isText = (value: unknown) => typeof value === "string";

const FITS: Readonly<Record<Kind, (value: unknown) => boolean>> = {
  text: isText,
  "text or null": (value) => value === null || isText(value),
  number: Number.isFinite,
  "number or null": (value) => value === null || Number.isFinite(value),
  status: (value) => SESSION_STATUSES.some((word) => word === value),
  "run status": (value) => RUN_STATUSES.some((word) => word === value),
  flag: (value) => typeof value === "boolean",
  texts: (value) => Array.isArray(value) && value.every(isText),
  null: (value) => value === null,
  none: (value) => Array.isArray(value) && value.length === 0,
};

/** An object of whatever fields. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
