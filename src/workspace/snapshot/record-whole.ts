import type { WorkTree } from "../git/find-work-tree.ts";
import { branchIndex, catchUp, privateGit, treeOfIndex } from "../git/private-git.ts";
import { nulTerminated, rawOf } from "../git/raw-names.ts";
import type { IndexGit } from "../git/read-status.ts";
import { isHashable, lstatOf } from "../git/stamps.ts";
import { takeSnapshot } from "./snapshot.ts";

/** A work tree as a git tree, big files included. */
export interface WholeTree {
  readonly tree: string;
  readonly filters: readonly string[];
  /** On an index of its own that holds the tree: free to be changed. */
  readonly git: IndexGit;
  /** What no tree can hold: untracked repositories, unreadable and special files. Raw names. */
  readonly missing: readonly string[];
}

/**
 * Records the work tree like takeSnapshot in the same folder, and then the files which that knows by a stamp alone, as
 * far as they are `wanted`: a proof need not have the content of a big file, a patch must.
 */
export async function recordWhole(
  tree: WorkTree,
  folder: string,
  wanted: (name: string) => boolean,
  signal?: AbortSignal,
): Promise<WholeTree> {
  const { tree: hashed, stamps, filters } = await takeSnapshot(tree, folder, signal);
  const work = { tree, folder, filters, signal };
  await catchUp(work);
  await branchIndex(folder, "index", WHOLE); // the snapshot's own must stay what the next snapshot expects
  const git = privateGit(work, WHOLE);
  const names = [...stamps.keys()].map((name) => rawOf(name));
  const files = names.filter((name) => isFile(tree, name));
  const missing = names.filter((name) => !isFile(tree, name));
  const add = files.filter(wanted);
  if (add.length === 0) return { tree: hashed, filters, git, missing };
  await git(["update-index", "--add", "--replace", "-z", "--stdin"], nulTerminated(add));
  return { tree: await treeOfIndex(git), filters, git, missing };
}

function isFile(tree: WorkTree, name: string): boolean {
  return lstatOf(tree, name)?.isFile() === true && isHashable(tree, name);
}

const WHOLE = "index.whole";
