import { basename } from "node:path";
import { shortOwn } from "../../files/state-paths.ts";
import { defuse } from "../../text/defuse.ts";
import { lastAnswer } from "../output/last-answer.ts";
import { lightMarkdown } from "../output/light-markdown.ts";
import { type Paint, piece, safe, toText } from "../output/styled-text.ts";
import { widthOf } from "../output/width.ts";
import type { Size } from "./screen.ts";
import type { Watched } from "./session.ts";

/** What Codex answered last in a session. */
export interface Answer {
  readonly session: string;
  readonly text: string;
}

/** Which answer is being read, and from which of its lines on. */
export interface Reading {
  readonly answers: readonly Answer[];
  readonly at: number;
  readonly from: number;
}

/** Whether a session's last run has come to an end, so that there may be an answer. */
export function mayHaveAnswer(seen: Watched): boolean {
  return seen.type === "seen" && seen.now.state.last_output_path !== null && seen.now.state.run_id === null;
}

/** The last answers of the sessions, the newest first. */
export function answersOf(sessions: readonly Watched[]): readonly Answer[] {
  return sessions
    .flatMap((seen) => (seen.type === "seen" && mayHaveAnswer(seen) ? [seen.now.state] : []))
    .sort((one, other) => other.updated_at.localeCompare(one.updated_at))
    .flatMap((state) => {
      const text = defuse(lastAnswer(state)).trim();
      const session = state.name === null ? shortOwn(basename(state.session_dir)) : `@${safe(state.name)}`;
      return text === "" ? [] : [{ session, text }];
    });
}

/** The next of the answers; null after the last one. */
export function nextAnswer({ answers, at }: Reading): Reading | null {
  return at + 1 < answers.length ? { answers, at: at + 1, from: 0 } : null;
}

/** Further down in the same answer, where there is more of it than the terminal shows. */
export function further(reading: Reading, size: Size): Reading {
  const from = reading.from + roomIn(size);
  return from < linesOf(reading, size).length ? { ...reading, from } : reading;
}

/** The answer on a terminal of this size: the rows, from the top. Pure. */
export function answerRows(reading: Reading, size: Size, paint: Paint): readonly string[] {
  const { answers, at, from } = reading;
  const lines = linesOf(reading, size);
  const shown = lines.slice(from, from + roomIn(size));
  const more = from + shown.length < lines.length;
  const keys = [...(more ? ["space: further"] : []), at + 1 < answers.length ? "a: next" : "a: back", "q leaves"];
  const head = [
    piece(answers[at]?.session ?? "", "bold"),
    piece(`  answer ${at + 1} of ${answers.length}`),
    piece(`  (${keys.join(", ")})`, "dim"),
  ];
  return [toText(head, size.columns, paint), ...lightMarkdown(shown.join("\n"), paint).split("\n")];
}

function roomIn({ rows }: Size): number {
  return Math.max(1, rows - 1);
}

function linesOf({ answers, at }: Reading, { columns }: Size): readonly string[] {
  return (answers[at]?.text ?? "").split("\n").flatMap((line) => wrapped(line, columns));
}

const characters = new Intl.Segmenter();

/** The line in pieces that fit, cut at blanks where there are some. */
function wrapped(line: string, columns: number): readonly string[] {
  const lines: string[] = [];
  let current = "";
  for (const word of line.split(/(?<=\s)/)) {
    if (widthOf(current + word.trimEnd()) > columns && current !== "") {
      lines.push(current.trimEnd());
      current = "";
    }
    for (const { segment } of characters.segment(word)) {
      if (widthOf(current + segment) > columns && segment.trim() !== "") {
        lines.push(current);
        current = "";
      }
      current += segment;
    }
  }
  return [...lines, current.trimEnd()];
}
