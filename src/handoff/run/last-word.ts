import type { LastWord } from "./outcome.ts";

/**
 * What Codex says of its own work: the last line that begins with one of the three words, seen through markdown. It is asked for in
 * capitals; in the very last line any letters do. Null: there is none.
 */
export function lastWord(answer: string): LastWord | null {
  const lines = answer
    .trimEnd()
    .split("\n")
    .map((line) =>
      line
        .replaceAll(/<\/?\w+>/g, "")
        .replace(MARKUP_BEFORE, "")
        .replace(MARKUP_AFTER, ""),
    );
  for (let at = lines.length - 1; at >= 0; at -= 1) {
    const last = lines.slice(at + 1).every((line) => line === "");
    const [, word, text = ""] = (last ? ANY_CASE : CAPITALS).exec(lines[at] ?? "") ?? [];
    if (word === undefined) continue;
    const rest = text.replace(MARKUP_BEFORE, "");
    return { word: word.toUpperCase() as LastWord["word"], text: rest === "" ? paragraph(lines.slice(at + 1)) : rest };
  }
  return null;
}

/** DONE stands alone, or before a sentence of its own; the others give a reason, in this line or below it. */
const CAPITALS = /^(DONE(?=[.!]?$|[.!:：] )|(?:BLOCKED|PARTIAL)(?=[*_`~]*\s*(?:[:：—–]|$)))[*_`~]*\s*[.!:：—–]?(.*)$/;
const ANY_CASE = new RegExp(CAPITALS.source, "i");

// Blanks, quotes, headings, emphasis, list marks.
const MARKUP_BEFORE = /^(?:[\s>#*_`~]|[-+]\s|\d+[.)]\s)+/;
const MARKUP_AFTER = /[\s*_`~]+$/;

/** Up to the first empty line, as one. */
function paragraph(lines: readonly string[]): string {
  const end = lines.indexOf("");
  return lines.slice(0, end === -1 ? lines.length : end).join("; ");
}
