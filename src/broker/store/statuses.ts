/** The words of `last_run_status=`. The first six are the original's. */
export const RUN_STATUSES = [
  "none",
  "completed",
  "waiting_for_input",
  "timeout",
  "fatal_error",
  "error",
  // By an interrupt, by a stop, or because the worker died: Codex did not get to its end.
  "interrupted",
] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

/** The words of `status=`, the original's. */
export const SESSION_STATUSES = [
  "starting",
  "queued",
  "running",
  "waiting_input",
  "attention_required",
  "stopped",
] as const;
export type SessionStatus = (typeof SESSION_STATUSES)[number];
