import { oneLine } from "./defuse.ts";

/** What a question offers, behind it in one line: ` [PostgreSQL | SQLite]`; nothing where it offers nothing. */
export function choicesText(labels: readonly string[]): string {
  return labels.length === 0 ? "" : ` [${labels.map((label) => oneLine(label, 40)).join(" | ")}]`;
}
