import { SCHEMA_VERSION } from "../../ask/report/result.ts";
import { asExpected, ERROR_KINDS, exitCodeOf } from "../../errors.ts";
import { oneLine } from "../../text/defuse.ts";
import { outliveReaders, writeErr, writeOut } from "../edge/stdio.ts";

/**
 * A failure before any run: one line for people, and for programs what they would look for. `help` is where the command line is
 * explained. Returns the exit code.
 */
export function reportError(error: unknown, json: boolean, help: string = ERROR_KINDS.usage.next): number {
  outliveReaders();
  const expected = asExpected(error);
  const { kind, message } = expected;
  const hint = expected.hint === ERROR_KINDS.usage.next ? help : expected.hint;
  const { status } = ERROR_KINDS[kind];
  const sentence = oneLine(message, 500);
  writeErr(`[ERROR] ${sentence}${/[.!?]$/.test(sentence) ? "" : "."} ${hint}\n`);
  if (json)
    writeOut(`${JSON.stringify({ schema_version: SCHEMA_VERSION, status, error: { kind, message, next: hint } })}\n`);
  else if (kind !== "usage") writeOut(`status=${status}\nerror_kind=${kind}\n`);
  return exitCodeOf(status);
}
