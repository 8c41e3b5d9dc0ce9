import { join } from "node:path";
import { makePrivateFolder } from "../../files/write-whole.ts";
import { runCheck } from "../../process/run-check.ts";
import type { WorkTree } from "../../workspace/git/find-work-tree.ts";
import { addWorktree, removeWorktree } from "../../workspace/worktree/managed-worktree.ts";
import { prepareWorktree } from "../place/prepare.ts";
import type { BatchOptions } from "../plan/options.ts";

export interface CombinedCheck {
  readonly tree: WorkTree;
  /** Where it is checked out; nothing is there before, or afterwards. */
  readonly worktree: string;
  readonly options: Pick<BatchOptions, "copies" | "setup">;
  readonly env: Readonly<Record<string, string>>;
  /** Where its output goes. */
  readonly folder: string;
  readonly signal: AbortSignal;
}

export interface CheckEnd {
  readonly passed: boolean;
  /** It failed, and succeeded on the same files a moment later. */
  readonly flaky: boolean;
  readonly output: string;
}

/** Runs a command on a commit, in a worktree of its own; once again where it failed. */
export async function checkCommit(command: string, commit: string, where: CombinedCheck): Promise<CheckEnd> {
  const { tree, worktree, options, env, folder, signal } = where;
  const output = join(folder, `check-${commit.slice(0, 12)}.log`);
  await makePrivateFolder(folder);
  try {
    await addWorktree(tree, worktree, { commit, signal });
    await prepareWorktree(worktree, { from: tree.root, ...options, env, log: output, signal });
    const holds = async () => {
      const { exitCode } = await runCheck(command, {
        cwd: worktree,
        env,
        limitMs: LIMIT_MS,
        outputPath: output,
        signal,
      });
      signal.throwIfAborted();
      return exitCode === 0;
    };
    if (await holds()) return { passed: true, flaky: false, output };
    const flaky = await holds();
    return { passed: flaky, flaky, output };
  } finally {
    await removeWorktree(tree.commonDir, worktree).catch(() => {});
  }
}

// A whole suite of tests.
const LIMIT_MS = 1_800_000;
