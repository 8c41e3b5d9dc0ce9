import { realpath } from "node:fs/promises";
import { AskCodexError } from "../../errors.ts";
import { diffTrees, type FileChange } from "../git/diff-trees.ts";
import { findWorkTree, type WorkTree } from "../git/find-work-tree.ts";
import { makePatch } from "../git/patch-text.ts";
import { treeOfIndex } from "../git/private-git.ts";
import { textOf } from "../git/raw-names.ts";
import type { IndexGit } from "../git/read-status.ts";
import { recordWhole } from "../snapshot/record-whole.ts";
import type { BasedPatch } from "../write/apply-patch.ts";
import type { ManagedWorktree } from "./managed-worktree.ts";

/** All that was done in a managed worktree. */
export interface WorktreePatch extends BasedPatch {
  readonly files: readonly FileChange[];
  /** New or changed, and yet not in the patch: untracked repositories, unreadable and special files. */
  readonly missing: readonly string[];
}

/**
 * The patch from the worktree's base to what lies in it now, committed there or not; ignored files are left out, and
 * so is what was put into the folder of a submodule. `folder` is private, as for takeSnapshot; the repository is only
 * read. Throws when the worktree is gone, and a GitError with git's own complaint.
 */
export async function patchOf(worktree: ManagedWorktree, folder: string, signal?: AbortSignal): Promise<WorktreePatch> {
  const tree = await workTreeAt(worktree.folder, signal);
  const whole = await recordWhole(tree, folder, () => true, signal);
  const { base } = worktree;
  const end = whole.missing.length === 0 ? whole.tree : await withBaseOf(whole.git, base, whole.missing);
  const patch = await makePatch(whole.git, base, end, { renames: true });
  const { filters } = whole;
  const files = await diffTrees({ tree, folder }, { tree: base, filters }, { tree: end, filters }, signal);
  return { base, patch, files, missing: whole.missing.map(textOf) };
}

// With its link to the repository gone, a folder could count as part of whatever repository our state lies in.
async function workTreeAt(folder: string, signal: AbortSignal | undefined): Promise<WorkTree> {
  const root = await realpath(folder).catch(() => undefined);
  const tree = root === undefined ? undefined : await findWorkTree(root, signal);
  if (tree !== undefined && tree.root === root) return tree;
  const hint = "Start a new session with --worktree.";
  throw new AskCodexError("internal", `the worktree is gone, or no longer one: ${folder}`, { hint });
}

// What cannot be recorded must not look deleted: the tree gets what the base has there.
async function withBaseOf(git: IndexGit, base: string, names: readonly string[]): Promise<string> {
  for (const name of names) {
    const entries = await git(["ls-tree", "-r", "-z", base, "--", textOf(name)]);
    await git(["update-index", "-z", "--index-info"], Buffer.from(entries, "latin1"));
  }
  return treeOfIndex(git);
}
