import type { LastWord } from "./handoff-outcome.ts";

/** What Codex says of its own work in the last line of its answer, seen through markdown; null: none of the three words. */
export function lastWord(answer: string): LastWord | null {
  const line = answer.trimEnd().split("\n").at(-1) ?? "";
  const bare = line.replace(/^[\s>#*_`~-]+|[\s*_`~]+$/g, "");
  const [, word, text = ""] = /^(DONE|BLOCKED|PARTIAL)\b[*_`~]*\s*[:：.—–-]?[*_`~\s]*(.*)$/.exec(bare) ?? [];
  return word === undefined ? null : { word: word as LastWord["word"], text: text.trim() };
}
