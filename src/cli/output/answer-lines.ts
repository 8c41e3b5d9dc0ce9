import { defuse } from "../../text/defuse.ts";
import { MOST_BYTES } from "./closing-lines.ts";

// An answer up to this size is printed whole: reading it elsewhere would cost the caller a turn.
const ANSWER_BYTES = 2_048;

// Past this, a caller may have cut off the head or the tail: both then say which run this was.
const BOTH_ENDS_BYTES = 2_048;

/**
 * The answer, and behind a long output once more which run it was of and where its report is: `ids`. `before`: the bytes that were printed
 * so far.
 */
export function answerText(answer: string, { ids, before }: { readonly ids: string; readonly before: number }): string {
  const reserve = Buffer.byteLength(REST + ids) + 1;
  const { text, cut } = answerLines(answer, Math.min(ANSWER_BYTES, MOST_BYTES - before - reserve));
  if (cut) return `${text}${REST}${ids}\n`;
  const long = text !== "" && before + Buffer.byteLength(text) > BOTH_ENDS_BYTES;
  return long ? `${text}[codex] ${ids}\n` : text;
}

const REST = "[codex] The rest of the answer is in the report: ";

/** Codex's answer on stdout: each line behind `| `, so that none of them can be taken for a key. */
export interface AnswerLines {
  readonly text: string;
  /** It is the beginning only. */
  readonly cut: boolean;
}

const MARK = "| ";

/** The answer in at most `room` bytes; of a longer one its beginning, up to the end of a line where there is one. */
export function answerLines(answer: string, room: number): AnswerLines {
  const lines = defuse(answer)
    .trim()
    .split("\n")
    .map((line) => `${MARK}${line.trimEnd()}\n`);
  if (lines.length === 1 && lines[0] === `${MARK}\n`) return { text: "", cut: false };
  const kept: string[] = [];
  let left = room;
  for (const line of lines) {
    const bytes = Buffer.byteLength(line);
    if (bytes > left) return { text: [...kept, kept.length > 0 ? "" : beginning(line, left)].join(""), cut: true };
    kept.push(line);
    left -= bytes;
  }
  return { text: kept.join(""), cut: false };
}

/** What fits of a first line that is too long by itself. */
function beginning(line: string, bytes: number): string {
  if (bytes < LEAST) return "";
  // A character that was cut in two becomes U+FFFD.
  const start = Buffer.from(line).subarray(0, bytes - CUT_BYTES);
  return `${start.toString("utf8").replace(/\ufffd$/, "")}…\n`;
}

// Shorter than this, a beginning says nothing.
const LEAST = 40;

// The ellipsis in UTF-8, and the line break.
const CUT_BYTES = 4;
