/** A question that Codex asks its caller. */
export interface Question {
  readonly id: string;
  readonly header: string;
  readonly question: string;
  readonly options: readonly { readonly label: string; readonly description: string }[];
}

/**
 * The question that a final message closes with, or null: its last line ends in a question mark, seen through trailing quotes,
 * brackets and markdown. The second choice: a question that Codex asks natively needs no guessing.
 */
export function closingQuestion(message: string): Question | null {
  const last = message.trimEnd().split("\n").at(-1) ?? "";
  const bare = last.replace(/[\s"'`*_~)\]}>»”’」』）】|]+$/u, "");
  if (!/[?？؟]$/.test(bare)) return null;
  return { id: "closing", header: "", question: last.trim(), options: [] };
}
