// The time in milliseconds, in the form that Codex's ids (UUIDv7) have it at their head.
const THREAD_TIME = "01a22346-cc36".length;

/** The beginning of a thread's id: it holds the time in milliseconds, and every command takes it for the whole. */
export function shortThread(id: string): string {
  return id.slice(0, THREAD_TIME);
}

/** What a status of any command means at a glance. */
export function markOf(status: string): readonly [mark: string, look: "green" | "yellow" | "red" | "dim"] {
  if (status === "completed" || status === "ok") return ["✓", "green"];
  if (["running", "queued", "starting"].includes(status)) return [">", "green"];
  if (["none", "stopped"].includes(status)) return ["-", "dim"];
  return ["fatal", "fatal_error", "failed", "error", "fail", "contract_violation"].includes(status)
    ? ["✗", "red"]
    : ["!", "yellow"];
}
