import { existsSync } from "node:fs";
import { mkdir, realpath } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { UsageError } from "../../errors.ts";
import type { WorkTree } from "../git/find-work-tree.ts";
import { GitError, runGit } from "../git/git.ts";
import { headCommit } from "../git/read-head.ts";
import { readSettings, withoutFilters } from "../git/read-settings.ts";
import { besideOthers } from "./beside-others.ts";
import { removeTree } from "./remove-tree.ts";

/** A git worktree that is ours alone, in our state folder. */
export interface ManagedWorktree {
  /** Its root, free of symbolic links, as git has it registered. */
  readonly folder: string;
  /** The commit it was made from. */
  readonly base: string;
}

/**
 * Checks `commit` out (default: HEAD) into `folder`, which must not exist, as a worktree on no branch. What the user has not committed is
 * not in it; neither are submodules, whose folders stay empty. No hook and no filter runs, so files of git-lfs and
 * git-crypt lie there as they are in the commit. In the repository only `worktrees/` of the git folder changes.
 * Throws a UsageError where there is no commit to start from or no work tree.
 */
export async function addWorktree(
  tree: WorkTree,
  folder: string,
  { signal, commit }: { readonly signal?: AbortSignal; readonly commit?: string } = {},
): Promise<ManagedWorktree> {
  const base = commit ?? (await baseCommit(tree, signal));
  const { filters } = await readSettings(tree, signal);
  await mkdir(dirname(folder), { recursive: true, mode: 0o700 });
  const path = await registeredPath(folder);
  const taken = existsSync(path);
  // The paths: true would write an extension into the user's configuration, which older versions of git refuse.
  const config = [...withoutFilters(filters), "worktree.useRelativePaths=false"];
  const add = () => runGit(["worktree", "add", "--quiet", "--detach", path, base], { cwd: tree.root, config, signal });
  try {
    await besideOthers(tree.root, add);
  } catch (error) {
    // Git cleans up by itself, unless it was killed. It refuses what lies there already, which is not ours to remove.
    if (!taken) await removeWorktree(tree.commonDir, path).catch(() => {});
    throw error;
  }
  return { folder: path, base };
}

/**
 * Removes a worktree of addWorktree with all that lies in it, and what git knows of it. `repository`: its work tree's
 * root or its git folder. Either of the two may be gone already, both as well.
 */
export async function removeWorktree(repository: string, folder: string, signal?: AbortSignal): Promise<void> {
  const path = await registeredPath(folder);
  // First the files: git refuses what it can no longer recognise as a worktree, but forgets one that is not there.
  await removeTree(path);
  try {
    const remove = () => runGit(["worktree", "remove", "--force", "--force", path], { cwd: repository, signal });
    await besideOthers(repository, remove);
  } catch (error) {
    if (!(error instanceof GitError) || !(error.notFound || NOTHING_TO_FORGET.test(error.stderr))) throw error;
  }
}

async function baseCommit(tree: WorkTree, signal: AbortSignal | undefined): Promise<string> {
  if ((await runGit(["rev-parse", "--is-inside-work-tree"], { cwd: tree.root, signal })).trim() !== "true") {
    throw new UsageError(
      `A worktree cannot be made of ${tree.root}: the repository is bare.`,
      "Work in a clone of it.",
    );
  }
  const commit = await headCommit(tree, signal);
  if (commit !== null) return commit;
  throw new UsageError(
    `A worktree cannot be made of ${tree.root}: the repository has no commit yet.`,
    "Commit something first.",
  );
}

// Git compares by the real path, which it cannot find out when the folder above is gone too.
async function registeredPath(folder: string): Promise<string> {
  const parent = await realpath(dirname(folder)).catch(() => dirname(folder));
  return join(parent, basename(folder));
}

const NOTHING_TO_FORGET = /^fatal: (not a git repository|'.*' is not a working tree)/ms;
