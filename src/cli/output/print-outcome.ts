import type { AskOutcome } from "../../ask/model/outcome.ts";
import { toResult } from "../../ask/report/result.ts";
import { escapeValue } from "../../text/defuse.ts";
import { writeOut } from "../edge/stdio.ts";
import { answerLines } from "./answer-lines.ts";
import { changedLine } from "./changed-line.ts";
import { closingLines, MOST_BYTES } from "./closing-lines.ts";
import { keyValues } from "./key-values.ts";
import type { ProgressLines } from "./progress-lines.ts";

// An answer up to this size is printed whole: reading it elsewhere would cost the caller a turn.
const ANSWER_BYTES = 2_048;

// Past this, a caller may have cut off the head or the tail: both then say which run this was.
const BOTH_ENDS_BYTES = 2_048;

export interface PrintOptions {
  readonly json: boolean;
  /** The answer after the keys. */
  readonly answer: boolean;
  /** Why the run was not counted. */
  readonly warning: string | null;
}

/** Prints what a run came to and ends its progress: why it failed on stderr, then keys and answer, or one object, on stdout. */
export function printOutcome(
  outcome: AskOutcome,
  progress: ProgressLines,
  { json, answer, warning }: PrintOptions,
): void {
  if (answer && !json && outcome.answer !== "") progress.answerFollows();
  progress.stop();
  if (warning !== null) progress.line(`[WARNING] ${warning}`);
  const changed = changedLine(outcome.changes);
  if (changed !== null && !json) progress.aside(changed);
  const keys = json ? "" : keyValues(outcome);
  const room = MOST_BYTES - progress.written() - Buffer.byteLength(keys);
  for (const line of closingLines(outcome, room)) progress.line(line);
  if (json) {
    writeOut(`${JSON.stringify(toResult(outcome))}\n`);
    return;
  }
  const before = progress.written() + Buffer.byteLength(keys);
  writeOut(keys + (answer ? answerText(outcome, before) : ""));
}

/** The answer, and behind a long output once more which run it was of and where its report is. `before`: the bytes printed so far. */
function answerText({ answer, sessionId, outputPath }: AskOutcome, before: number): string {
  const ids = [
    ...(sessionId === null ? [] : [`session_id=${sessionId}`]),
    ...(outputPath === null ? [] : [`output_path=${escapeValue(outputPath)}`]),
  ].join(" ");
  const reserve = Buffer.byteLength(REST + ids) + 1;
  const { text, cut } = answerLines(answer, Math.min(ANSWER_BYTES, MOST_BYTES - before - reserve));
  if (cut) return `${text}${REST}${ids}\n`;
  const long = text !== "" && before + Buffer.byteLength(text) > BOTH_ENDS_BYTES;
  return long ? `${text}[codex] ${ids}\n` : text;
}

const REST = "[codex] The rest of the answer is in the report: ";
