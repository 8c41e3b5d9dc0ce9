// The time in milliseconds, as Codex's ids (UUIDv7) have it at their head.
const THREAD_TIME = "01a22346-cc36".length;

/** The beginning of a thread's id: it holds the time in milliseconds, and every command takes it for the whole. */
export function shortThread(id: string): string {
  return id.slice(0, THREAD_TIME);
}
