import { join } from "node:path";
import type { CodexCommand } from "../../codex/find-codex.ts";
import { runSandboxed } from "../../codex/sandbox/run-sandboxed.ts";
import { AskCodexError, messageOf } from "../../errors.ts";
import { makePrivateFolder } from "../../files/write-whole.ts";
import type { CheckOptions, CheckRun } from "../../process/run-check.ts";
import type { WorkTree } from "../../workspace/git/find-work-tree.ts";
import { addWorktree, removeWorktree } from "../../workspace/worktree/managed-worktree.ts";
import { prepareWorktree } from "../place/prepare.ts";
import type { BatchOptions } from "../plan/options.ts";

/** Runs a command in one place. */
type RunThere = (
  command: string,
  options: Pick<CheckOptions, "limitMs" | "outputPath" | "signal">,
) => Promise<CheckRun>;

/** Another machine that results are checked on: the files of a commit go there, set up as tasks have them, and are gone afterwards. */
export type CheckElsewhere = (
  commit: string,
  place: { readonly folder: string; readonly log: string; readonly signal: AbortSignal },
  use: (run: RunThere) => Promise<CheckEnd>,
) => Promise<CheckEnd>;

export interface CombinedCheck {
  readonly tree: WorkTree;
  /** Where it is checked out; nothing is there before, or afterwards. */
  readonly worktree: string;
  readonly options: Pick<BatchOptions, "copies" | "setup">;
  readonly env: Readonly<Record<string, string>>;
  /** The Codex in whose sandbox it runs; null: it runs as we do. */
  readonly sandbox: CodexCommand | null;
  /** Left out: it runs on this machine. */
  readonly checkElsewhere?: CheckElsewhere;
  /** Where its output goes. */
  readonly folder: string;
  readonly signal: AbortSignal;
  /** Told what was left behind. */
  readonly say: (line: string) => void;
}

export interface CheckEnd {
  readonly passed: boolean;
  /** It failed, and succeeded on the same files a moment later. */
  readonly flaky: boolean;
  readonly output: string;
}

/**
 * Runs a command on a commit, in a worktree of its own; once again where it failed.
 * @throws AskCodexError when it cannot be run at all, which says nothing of the commit
 */
export async function checkCommit(command: string, commit: string, where: CombinedCheck): Promise<CheckEnd> {
  const { folder, signal, checkElsewhere } = where;
  const output = join(folder, `check-${commit.slice(0, 12)}.log`);
  await makePrivateFolder(folder);
  const use = (run: RunThere) => twice(command, { run, output, signal });
  if (checkElsewhere !== undefined) return checkElsewhere(commit, { folder, log: output, signal }, use);
  return inWorktree(commit, output, where, use);
}

async function inWorktree(
  commit: string,
  log: string,
  { tree, worktree, options, env, sandbox, signal, say }: CombinedCheck,
  use: (run: RunThere) => Promise<CheckEnd>,
): Promise<CheckEnd> {
  try {
    await addWorktree(tree, worktree, { commit, signal });
    await prepareWorktree(worktree, { from: tree.root, ...options, env, log, signal });
    return await use((command, check) => runSandboxed(sandbox, command, { ...check, cwd: worktree, env }));
  } finally {
    await removeWorktree(tree.commonDir, worktree).catch((error) =>
      say(`the worktree ${worktree} could not be removed (${messageOf(error)}): git worktree remove --force`),
    );
  }
}

interface Twice {
  readonly run: RunThere;
  readonly output: string;
  readonly signal: AbortSignal;
}

async function twice(command: string, { run, output, signal }: Twice): Promise<CheckEnd> {
  const holds = async () => {
    const { exitCode } = await run(command, { limitMs: LIMIT_MS, outputPath: output, signal }).catch((error) => {
      throw new AskCodexError("system", `--check cannot be run: ${messageOf(error)}`, {
        cause: error,
        hint: "Nothing was applied. Once that is fixed, go on with --resume.",
      });
    });
    signal.throwIfAborted();
    return exitCode === 0;
  };
  if (await holds()) return { passed: true, flaky: false, output };
  const flaky = await holds();
  return { passed: flaky, flaky, output };
}

// A whole suite of tests.
const LIMIT_MS = 1_800_000;
