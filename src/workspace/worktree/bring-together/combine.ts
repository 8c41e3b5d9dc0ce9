import type { PrivateWork } from "../../git/private-git.ts";
import { type Author, benchGit, makeCommit } from "./bench.ts";
import type { Conflict } from "./conflict.ts";
import { type MergeWay, mergeTrees, mergeWay } from "./merge.ts";

/** Work of one worktree as a commit. */
export interface Result {
  readonly id: string;
  /** The commit that the work began from: the recorded base, or a combination on it. */
  readonly base: string;
  /** The commit that it came to; the base itself when nothing changed. */
  readonly commit: string;
  /** The message of the commit that is made of it. */
  readonly message: string;
}

export interface Combination {
  /** The recorded base with all that merged: one commit a result, in their order. No ref leads to it. */
  readonly commit: string;
  readonly merged: readonly { readonly id: string; readonly commit: string }[];
  /** Results that were left out. */
  readonly conflicts: readonly { readonly id: string; readonly files: readonly Conflict[] }[];
}

export interface CombineOptions {
  readonly author?: Author;
  readonly way?: MergeWay;
}

/**
 * Brings results together on a base, in their order. A result that does not merge with those before it is left out, with its files
 * named, and the next is tried: so a result that depends on one that was left out must not be in the list. The repository gains objects
 * and nothing else. Throws a GitError with git's own complaint.
 */
export async function combine(
  work: PrivateWork,
  base: string,
  results: readonly Result[],
  { author, way: given }: CombineOptions = {},
): Promise<Combination> {
  const way = given ?? (await mergeWay(work));
  const merged: Combination["merged"][number][] = [];
  const conflicts: Combination["conflicts"][number][] = [];
  let commit = base;
  for (const result of results) {
    const tree = await mergedTree(work, commit, result, way);
    if (typeof tree !== "string") {
      conflicts.push({ id: result.id, files: tree });
      continue;
    }
    if (tree !== (await treeOf(work, commit)))
      commit = await makeCommit(work, tree, { parents: [commit], message: result.message, ...(author && { author }) });
    merged.push({ id: result.id, commit });
  }
  return { commit, merged, conflicts };
}

async function mergedTree(
  work: PrivateWork,
  ours: string,
  { base, commit: theirs }: Result,
  way: MergeWay,
): Promise<string | readonly Conflict[]> {
  if (theirs === base) return treeOf(work, ours);
  if (ours === base) return treeOf(work, theirs);
  const merge = await mergeTrees(work, { base, ours, theirs }, way);
  return merge.type === "merged" ? merge.tree : merge.files;
}

async function treeOf(work: PrivateWork, commit: string): Promise<string> {
  return (await benchGit(work, "index.merge")(["rev-parse", "--verify", `${commit}^{tree}`])).trim();
}
