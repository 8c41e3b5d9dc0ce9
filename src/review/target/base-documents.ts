import { dirname } from "node:path";
import { readBlobs } from "../../workspace/git/read-blobs.ts";
import type { Target } from "./target.ts";

export interface NamedDocument {
  readonly name: string;
  readonly text: string;
}

// Codex itself reads as much of them by default.
const MOST_BYTES = 32 * 1024;

/** The project's instructions for agents as they were before the change, from the outermost folder to those of the changed files. */
export async function baseInstructions({ work, before, files }: Target): Promise<readonly NamedDocument[]> {
  const folders = new Set(files.flatMap(({ path }) => foldersOf(path)));
  const paths = [...folders].sort().map((folder) => (folder === "." ? "AGENTS.md" : `${folder}/AGENTS.md`));
  const texts = await readBlobs(work, before.tree, paths);
  return paths.flatMap((path) => {
    const text = texts.get(path) ?? null;
    return text === null || text.trim() === "" ? [] : [{ name: path, text: text.slice(0, MOST_BYTES) }];
  });
}

/** `a/b/c.ts` → `.`, `a`, `a/b`. */
function foldersOf(path: string): readonly string[] {
  const folders = [dirname(path)];
  while (folders.at(-1) !== ".") folders.push(dirname(folders.at(-1) ?? "."));
  return folders;
}
