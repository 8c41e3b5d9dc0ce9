import { join } from "node:path";
import type { WorkTree } from "../git/find-work-tree.ts";
import { readNote, writeNote } from "../git/private-index.ts";
import { fieldsOf } from "../git/raw-names.ts";
import type { IndexGit, StagedEntry } from "../git/read-status.ts";
import { lstatOf } from "../git/stamps.ts";
import { indexEntries, putEntries } from "../git/tree-entries.ts";
import { marksNothing } from "./index-flags.ts";

/** Files whose edits git was set not to see; raw names. */
export interface FlaggedFiles {
  /** By `update-index --assume-unchanged`. */
  readonly assumed: readonly string[];
  /** By `update-index --skip-worktree`. */
  readonly skipped: readonly string[];
}

/**
 * The files of the private index whose edits would go unseen. In a sparse checkout, `skipped` marks what is kept off
 * the disk, and git itself looks at marked files that are there all the same; so those are not among them.
 */
export async function findHidden(git: IndexGit, folder: string, sparse: boolean): Promise<FlaggedFiles> {
  const skipped = await readNote(folder, "skipped");
  if (skipped !== undefined) return { assumed: [], skipped: fieldsOf(skipped) };
  if (marksNothing(join(folder, "index"))) return { assumed: [], skipped: [] };
  // Each record is a tag, a blank and the name. S: skip-worktree; a small letter: assume-unchanged.
  const records = (await git(["ls-files", "-v", "-z"])).match(/(?<=^|\0)[a-zS] [^\0]+/g) ?? [];
  const tagged = (tags: RegExp) => records.filter((record) => tags.test(record)).map((record) => record.slice(2));
  return { assumed: tagged(/^[a-z]/), skipped: sparse ? [] : tagged(/^s/i) };
}

/**
 * Takes the marks off in the private index, except from files that are not on the disk. True when it took one off. The entries are put
 * in anew, without the size and the times of the files: git takes a marked file for unchanged whenever it writes an index, and with
 * the younger index an edit of the same second and size would never be seen.
 */
export async function revealHidden(
  git: IndexGit,
  tree: WorkTree,
  folder: string,
  hidden: FlaggedFiles,
): Promise<boolean> {
  const isPresent = (name: string) => lstatOf(tree, name) !== undefined;
  const absent = hidden.skipped.filter((name) => !isPresent(name));
  const marked = new Set([...hidden.assumed, ...hidden.skipped.filter(isPresent)]);
  if (marked.size > 0) {
    const entries = [...(await indexEntries(git))].filter(([name]) => marked.has(name));
    await putEntries(git, new Map(entries));
  }
  // The next snapshot need not search again: no other process writes into this index.
  await writeNote(folder, "skipped", absent.map((name) => `${name}\0`).join(""));
  return marked.size > 0;
}

/** Files of attributes that may be in the index alone, where git reads them all the same. Asked after the marks were taken off. */
export async function absentAttributes(git: IndexGit, folder: string, sparse: boolean): Promise<StagedEntry[]> {
  if (!sparse && ((await readNote(folder, "skipped")) ?? "") === "") return [];
  const found = await indexEntries(git, [":(glob)**/.gitattributes"]);
  return [...found].map(([name, entry]) => ({ ...entry, name, stage: 0 }));
}
