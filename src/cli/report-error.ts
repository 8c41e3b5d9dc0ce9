import { oneLine } from "../ask/defuse.ts";
import { SCHEMA_VERSION } from "../ask/result.ts";
import { AskCodexError, ERROR_KINDS, exitCodeOf, messageOf } from "../errors.ts";
import { outliveReaders } from "./stdio.ts";

/** A failure before any run: one line for people, and for programs what they would look for. Returns the exit code. */
export function reportError(error: unknown, json: boolean): number {
  outliveReaders();
  const expected =
    error instanceof AskCodexError ? error : new AskCodexError("internal", messageOf(error), { cause: error });
  const { kind, message, hint } = expected;
  const { status } = ERROR_KINDS[kind];
  const sentence = oneLine(message, 500);
  process.stderr.write(`[ERROR] ${sentence}${/[.!?]$/.test(sentence) ? "" : " —"} ${hint}\n`);
  if (json)
    process.stdout.write(
      `${JSON.stringify({ schema_version: SCHEMA_VERSION, status, error: { kind, message, next: hint } })}\n`,
    );
  else if (kind !== "usage") process.stdout.write(`status=${status}\nerror_kind=${kind}\n`);
  return exitCodeOf(status);
}
