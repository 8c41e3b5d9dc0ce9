import { EXIT_CODES } from "../../errors.ts";
import type { StateFile } from "./state-file.ts";

/** True when nothing runs in the session, or nothing can go on without an answer. */
export function isSettled({ status, open_requests }: StateFile): boolean {
  return open_requests.length > 0 || !["running", "queued", "starting"].includes(status);
}

/** The exit code that a session's state comes to: a pending question's while something is asked, else that of its last run. */
export function exitCodeOfSession({ open_requests, last_exit_code, status, pending_count }: StateFile): number {
  if (open_requests.length > 0) return EXIT_CODES.pending_question;
  // Messages wait, and no worker takes them.
  const left = status !== "stopped" && pending_count > 0;
  return left ? last_exit_code || EXIT_CODES.failed : (last_exit_code ?? 0);
}
