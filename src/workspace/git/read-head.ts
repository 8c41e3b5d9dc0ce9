import type { WorkTree } from "./find-work-tree.ts";
import { GitError, runGit, together } from "./git.ts";

/** Where HEAD is. */
export interface Head {
  /** Null before the first commit. */
  readonly commit: string | null;
  /** The full name of the branch, raw; null when HEAD is detached. */
  readonly branch: string | null;
}

/** Throws a GitError where git cannot read it (a broken ref). */
export async function readHead(tree: Pick<WorkTree, "root">, signal?: AbortSignal): Promise<Head> {
  const [commit, branch] = await together([
    headCommit(tree, signal),
    runGit(["symbolic-ref", "--quiet", "HEAD"], { cwd: tree.root, signal }).then((told) => told.trim(), unlessNone),
  ]);
  return { commit, branch };
}

/** The commit alone; null before the first one. */
export async function headCommit({ root }: Pick<WorkTree, "root">, signal?: AbortSignal): Promise<string | null> {
  const asked = runGit(["rev-parse", "--quiet", "--verify", "HEAD^{commit}"], { cwd: root, signal });
  return asked.then((told) => told.trim(), unlessNone);
}

function unlessNone(error: unknown): null {
  if (error instanceof GitError && error.exitCode === 1) return null;
  throw error;
}
