import type { AskOutcome } from "../../ask/model/outcome.ts";
import { toResult } from "../../ask/report/result.ts";
import { escapeValue } from "../../text/defuse.ts";
import { outputForm, writeOut } from "../edge/stdio.ts";
import { answerText } from "./answer-lines.ts";
import { changedLine } from "./changed-line.ts";
import { closingLines, MOST_BYTES } from "./closing-lines.ts";
import { forPerson } from "./for-person.ts";
import { keyValues } from "./key-values.ts";
import { paintFor } from "./paint.ts";
import type { ProgressLines } from "./progress-lines.ts";
import { lines, type Pair } from "./value-lines.ts";

export interface PrintOptions {
  readonly json: boolean;
  /** The answer after the keys. */
  readonly answer: boolean;
  /** The keys on a terminal as well, where a person reads. */
  readonly keys: boolean;
  /** Why the run was not counted. */
  readonly warning: string | null;
  /** What a verdict on the work adds. */
  readonly verdict?: Verdict;
}

interface Verdict {
  /** The object of `--json`. */
  readonly result: () => object;
  readonly pairs: readonly Pair[];
  /** For stderr. */
  readonly lines: readonly string[];
}

/**
 * Prints what a run came to and ends its progress: why it failed on stderr, then keys and answer, or one object, on stdout; what a person
 * would read, where stdout is a terminal.
 */
export function printOutcome(
  outcome: AskOutcome,
  progress: ProgressLines,
  { json, answer, keys: wantKeys, warning, verdict }: PrintOptions,
): void {
  const { terminal, colours } = outputForm();
  const person = terminal && !json && !wantKeys;
  if (answer && !json && outcome.answer !== "") progress.answerFollows();
  progress.stop();
  if (warning !== null) progress.line(`[WARNING] ${warning}`);
  const changed = changedLine(outcome.changes);
  if (changed !== null && !json && !person) progress.aside(changed);
  const keys = json || person ? "" : keyValues(outcome) + lines(verdict?.pairs ?? []);
  const room = MOST_BYTES - progress.written() - Buffer.byteLength(keys);
  for (const line of closingLines(outcome, room, verdict?.lines)) progress.line(line);
  if (json) writeOut(`${JSON.stringify(verdict?.result() ?? toResult(outcome))}\n`);
  else if (person) writeOut(forPerson(outcome, { answer, more: verdict?.pairs ?? [], paint: paintFor(colours) }));
  else
    writeOut(
      keys +
        (answer
          ? answerText(outcome.answer, { ids: idsOf(outcome), before: progress.written() + Buffer.byteLength(keys) })
          : ""),
    );
}

function idsOf({ sessionId, outputPath }: AskOutcome): string {
  const session = sessionId === null ? [] : [`session_id=${sessionId}`];
  return [...session, ...(outputPath === null ? [] : [`output_path=${escapeValue(outputPath)}`])].join(" ");
}
