import { AskCodexError } from "../errors.ts";
import { runGit } from "../workspace/git/git.ts";
import type { Machine } from "./machine.ts";
import { RESULT } from "./scripts.ts";
import { runThere, TRAVEL_MS, Unreachable } from "./ssh.ts";

export interface BringOptions {
  readonly machine: Machine;
  readonly runId: string;
  /** What the base is called here, and over there. */
  readonly base: string;
  readonly commit: string;
  /** The worktree here, of which nothing else stays. */
  readonly worktree: string;
  readonly lose: () => void;
  readonly signal: AbortSignal;
}

/** Makes the worktree here what the one over there is now: the base, and a patch on it. */
export async function bring({ machine, runId, base, commit, worktree, lose, signal }: BringOptions): Promise<void> {
  let patch: Buffer;
  try {
    patch = await runThere(machine, RESULT, [machine.folder, runId, commit], { limitMs: TRAVEL_MS, signal });
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    lose();
    throw new AskCodexError("machine_lost", error.message, { cause: error });
  }
  const git = (...command: string[]) => runGit(command, { cwd: worktree, signal });
  await git("checkout", "--quiet", "--detach", "--force", base);
  await git("clean", "-d", "-x", "--force", "--force", "--quiet");
  if (patch.length === 0) return;
  await runGit(["apply", "--binary", "--whitespace=nowarn", "-"], { cwd: worktree, input: patch, signal });
}
