import type { WorkTree } from "../git/find-work-tree.ts";
import { readNote, writeNote } from "../git/private-index.ts";
import { fieldsOf, nulTerminated } from "../git/raw-names.ts";
import type { IndexGit } from "../git/read-status.ts";
import { lstatOf } from "../git/stamps.ts";

/** Files whose edits git was told not to see; raw names. */
export interface Hidden {
  /** By `update-index --assume-unchanged`. */
  readonly assumed: readonly string[];
  /** By `update-index --skip-worktree`. */
  readonly skipped: readonly string[];
}

/**
 * The files of the private index whose edits would go unseen. In a sparse checkout, `skipped` marks what is kept off
 * the disk, and git itself looks at marked files that are there all the same; so those are not among them.
 */
export async function findHidden(git: IndexGit, folder: string, sparse: boolean): Promise<Hidden> {
  const skipped = await readNote(folder, "skipped");
  if (skipped !== undefined) return { assumed: [], skipped: fieldsOf(skipped) };
  // Each record is a tag, a blank and the name. S: skip-worktree; a small letter: assume-unchanged.
  const records = (await git(["ls-files", "-v", "-z"])).match(/(?<=^|\0)[a-zS] [^\0]+/g) ?? [];
  const tagged = (tags: RegExp) => records.filter((record) => tags.test(record)).map((record) => record.slice(2));
  return { assumed: tagged(/^[a-z]/), skipped: sparse ? [] : tagged(/^s/i) };
}

/** Takes the marks off in the private index, except from files that are not on the disk. True when it took one off. */
export async function revealHidden(git: IndexGit, tree: WorkTree, folder: string, hidden: Hidden): Promise<boolean> {
  const isPresent = (name: string) => lstatOf(tree, name) !== undefined;
  const present = hidden.skipped.filter(isPresent);
  const absent = hidden.skipped.filter((name) => !isPresent(name));
  await unmark(git, "--no-assume-unchanged", hidden.assumed);
  await unmark(git, "--no-skip-worktree", present);
  // The next snapshot need not search again: nobody else writes into this index.
  await writeNote(folder, "skipped", absent.map((name) => `${name}\0`).join(""));
  return hidden.assumed.length + present.length > 0;
}

async function unmark(git: IndexGit, flag: string, names: readonly string[]): Promise<void> {
  if (names.length > 0) await git(["update-index", flag, "-z", "--stdin"], nulTerminated(names));
}
