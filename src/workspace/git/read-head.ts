import type { WorkTree } from "./find-work-tree.ts";
import { GitError, runGit, together } from "./git.ts";

/** Where HEAD is. */
export interface Head {
  /** Null before the first commit. */
  readonly commit: string | null;
  /** The full name of the branch, raw; null when HEAD is detached. */
  readonly branch: string | null;
}

/** Throws a GitError where git cannot tell (a broken ref). */
export async function readHead({ root }: Pick<WorkTree, "root">, signal?: AbortSignal): Promise<Head> {
  const ask = (...command: string[]) => runGit(command, { cwd: root, signal }).then((told) => told.trim(), unlessNone);
  const [commit, branch] = await together([
    ask("rev-parse", "--quiet", "--verify", "HEAD^{commit}"),
    ask("symbolic-ref", "--quiet", "HEAD"),
  ]);
  return { commit, branch };
}

function unlessNone(error: unknown): null {
  if (error instanceof GitError && error.exitCode === 1) return null;
  throw error;
}
