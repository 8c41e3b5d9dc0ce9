import type { AskOutcome } from "../../ask/model/outcome.ts";
import { choicesText } from "../../text/choices.ts";
import { oneLine } from "../../text/defuse.ts";

/** For both streams together: Claude Code shows the head of a longer output only. A JSON object is for programs and does not count. */
export const MOST_BYTES = 8_190;

// Why it failed is said in any case, as far as it is known.
const LEAST_BYTES = 300;

/**
 * What stderr ends with: why it failed and what can be done, or what Codex wants to know; in at most `room` bytes. `findings` are the
 * lines of a verdict on the work.
 */
export function closingLines(outcome: AskOutcome, room: number, findings: readonly string[] = []): readonly string[] {
  const { status, error, questions, survivors, sessionId, changes } = outcome;
  const failed = error === null ? [] : [failure(status, error.kind, error.message), `[codex] ${error.hint}`];
  const asked = questions.map(({ question, options }) => {
    const choices = choicesText(options.map(({ label }) => label));
    return `[codex] question: ${oneLine(question, 300)}${choices}`;
  });
  const pending =
    status === "pending_question" ? [`[codex] Pending question — answer it with --session ${sessionId}`] : [];
  const unproved =
    status === "validation_failed" ? ["[ERROR] A requested check failed; its output is in the report."] : [];
  const stopped =
    outcome.signal === null
      ? []
      : [`[codex] Ended by ${outcome.signal}${sessionId ? ` — go on with --session ${sessionId}` : ""}`];
  const elsewhere =
    outcome.outputRefused === null
      ? []
      : [`[WARNING] The report is in the run's folder instead: ${oneLine(outcome.outputRefused, 300)}`];
  const blind =
    changes.type === "unknown" && changes.gitMissing === true
      ? ["[WARNING] git was not found on PATH: changes are not known."]
      : [];
  const left = survivors.length === 0 ? [] : [`[WARNING] could not be ended: process ${survivors.join(", ")}`];
  return fitted(
    [...failed, ...stopped, ...elsewhere, ...findings, ...unproved, ...blind, ...left, ...pending, ...asked],
    Math.max(room, LEAST_BYTES),
  );
}

/** As many lines as there is room for, in bytes; the first one that does not fit is cut. */
export function fitted(lines: readonly string[], room: number): readonly string[] {
  const [first, ...rest] = lines;
  if (first === undefined || room < MARK_BYTES) return [];
  const bytes = Buffer.byteLength(first) + 1;
  return bytes <= room ? [first, ...fitted(rest, room - bytes)] : [cut(first, room - MARK_BYTES)];
}

// The line break, and the ellipsis in UTF-8.
const MARK_BYTES = 4;

function cut(line: string, bytes: number): string {
  // A character that was cut in two becomes U+FFFD.
  return `${Buffer.from(line)
    .subarray(0, bytes)
    .toString("utf8")
    .replace(/\ufffd$/, "")}…`;
}

function failure(status: string, kind: string, message: string): string {
  const sentence = `${kind}: ${oneLine(message, 400)}`;
  if (status === "fatal") return `[FATAL] Codex cannot work now — ${sentence}`;
  if (status === "timeout") return `[TIMEOUT] ${sentence} — terminating.`;
  return `[ERROR] ${sentence}`;
}
