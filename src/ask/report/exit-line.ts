import { EXIT_CODES, type Status } from "../../errors.ts";

/** The line of a report that says with which code the run ends, and why. */
export function exitLine(status: Status, why: string): string {
  return `**Exit code: ${EXIT_CODES[status]}** (${why})`;
}
