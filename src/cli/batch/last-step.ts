import * as z from "zod/mini";
import { isErrno } from "../../errors.ts";
import { parseJson } from "../../files/json-line.ts";
import { readPlainTail } from "../../files/read-plain.ts";
import { oneLine } from "../../text/defuse.ts";

const text = z.string();

const step = z.object({
  type: text,
  payload: z.object({
    command: z.optional(text),
    text: z.optional(text),
    message: z.optional(text),
    subject: z.optional(text),
  }),
});

/** The last thing that a run's journal has of its work, in a line, for who looks from another process; null: nothing yet. */
export function lastStep(journal: string): string | null {
  const lines = tailOf(journal).split("\n");
  return lines.reduceRight<string | null>((found, line) => found ?? wordsFor(line), null);
}

function wordsFor(line: string): string | null {
  const { data } = step.safeParse(parseJson(line));
  if (data === undefined) return null;
  const { command, text: said, message, subject } = data.payload;
  switch (data.type) {
    case "command_finished":
      return command === undefined ? null : `> ${oneLine(command, 200)}`;
    case "message":
      return said === undefined ? null : oneLine(said.trimStart().split("\n", 1)[0] ?? "", 200);
    case "problem":
      return message === undefined ? null : oneLine(message, 200);
    case "check_finished":
      return subject === undefined ? null : `checked: ${oneLine(subject, 200)}`;
    case "turn_started":
      return "thinking";
    default:
      return null;
  }
}

// A message may be long; what was cut off at its beginning is not a line.
const TAIL_BYTES = 64_000;

function tailOf(journal: string): string {
  try {
    return readPlainTail(journal, TAIL_BYTES).text;
  } catch (error) {
    // It has not begun, or runs on another machine.
    if (isErrno(error, "ENOENT")) return "";
    throw error;
  }
}
