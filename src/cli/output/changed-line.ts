import type { Changes } from "../../ask/model/evidence.ts";
import { oneLine } from "../../text/defuse.ts";
import type { FileChange } from "../../workspace/git/diff-trees.ts";

// More files than these make no line that is quickly read; the report has them all.
const MOST_FILES = 10;
const MOST_PATH = 80;

/** The changed files in one line, as git found them; null when there are none. */
export function changedLine(changes: Changes): string | null {
  if (changes.type !== "listed" || changes.files.length === 0) return null;
  const named = changes.files.slice(0, MOST_FILES).map(words);
  const more = changes.files.length - named.length;
  return `[codex] changed: ${named.join(", ")}${more === 0 ? "" : `, … and ${more} more`}`;
}

function words({ path, kind, added, removed }: FileChange): string {
  const name = oneLine(path, MOST_PATH);
  if (kind === "deleted") return `${name} (deleted)`;
  return added === null || removed === null ? name : `${name} (+${added} −${removed})`;
}
