import { constants } from "node:fs";
import { cp, lstat, mkdir, realpath } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { AskCodexError, UsageError } from "../../errors.ts";
import { isWithin } from "../../files/is-within.ts";
import { realPlace } from "../../files/real-place.ts";
import { type CheckOptions, type CheckRun, runCheck } from "../../process/run-check.ts";
import { oneLine } from "../../text/defuse.ts";
import { GitError, runGit } from "../../workspace/git/git.ts";
import { keepLinksInside } from "../../workspace/worktree/copy-ignored.ts";

/** What a new worktree gets before work begins in it. */
export interface Preparation {
  /** The user's work tree. */
  readonly from: string;
  readonly copies: readonly string[];
  readonly setup: string | null;
  readonly env: Readonly<Record<string, string>>;
  /** The output of the setup command. */
  readonly log: string;
  readonly signal: AbortSignal;
}

/** The variables that keep what runs in different worktrees apart. */
export function slotVariables(slot: number): Readonly<Record<string, string>> {
  return { ASK_CODEX_SLOT: String(slot), ASK_CODEX_PORT_BASE: String(FIRST_PORT + slot * PORTS) };
}

const FIRST_PORT = 20_000;
const PORTS = 100;

/**
 * Copies the ignored files that the work needs, and runs the setup command.
 * @throws AskCodexError when either fails
 */
export async function prepareWorktree(
  worktree: string,
  { from, copies, setup, env, log, signal }: Preparation,
): Promise<void> {
  for (const path of copies) await copyIgnored(path, from, worktree);
  if (setup === null) return;
  await runSetup({ log, signal }, (check) => runCheck(setup, { ...check, cwd: worktree, env }));
}

/**
 * The setup command, wherever it runs.
 * @throws AskCodexError when it fails
 */
export async function runSetup(
  { log, signal }: Pick<Preparation, "log" | "signal">,
  runOn: (check: Pick<CheckOptions, "limitMs" | "outputPath" | "signal">) => Promise<CheckRun>,
): Promise<void> {
  const run = await runOn({ limitMs: SETUP_LIMIT_MS, outputPath: log, signal });
  signal.throwIfAborted();
  if (run.exitCode === 0) return;
  const how = run.timedOut ? `no end after ${SETUP_LIMIT_MS / 1000} s` : `exit ${run.exitCode ?? "by a signal"}`;
  throw new AskCodexError("system", `--setup failed (${how}): ${oneLine(run.outputTail.slice(-300), 300)}`, {
    hint: `All that it printed is in ${log}`,
  });
}

const SETUP_LIMIT_MS = 900_000;

/** Whole copies: through a link the work would reach the user's own files. */
async function copyIgnored(path: string, from: string, worktree: string): Promise<void> {
  requireBelow(path, from);
  const source = join(from, path);
  if ((await lstat(source).catch(() => null)) === null) return;
  await requireIgnored(path, from);
  // What the repository ships may be a link on the way to it.
  const place = realPlace(join(worktree, path), worktree);
  await mkdir(dirname(place), { recursive: true });
  await cp(await realpath(source), place, {
    recursive: true,
    verbatimSymlinks: true,
    force: true,
    preserveTimestamps: true,
    // Where the file system can: blocks are shared until one side writes.
    mode: constants.COPYFILE_FICLONE,
  });
  await keepLinksInside(place, from, worktree);
}

/**
 * Makes sure that a path named by --copy can be copied, before anything starts.
 * @throws UsageError when it lies elsewhere, is not there, or is not ignored
 */
export async function requireCopyable(path: string, root: string): Promise<void> {
  requireBelow(path, root);
  if ((await lstat(join(root, path)).catch(() => null)) === null)
    throw new UsageError(`--copy ${path}: there is no such path in ${root}.`, "Correct it, or leave it out.");
  await requireIgnored(path, root);
}

function requireBelow(path: string, root: string): void {
  if (!isWithin(resolve(root, path), root))
    throw new UsageError(`--copy ${path}: it is not below ${root}.`, "Name a path of the repository that git ignores.");
}

/** What git does not ignore would be part of the result. */
async function requireIgnored(path: string, root: string): Promise<void> {
  try {
    await runGit(["check-ignore", "--quiet", "--", path], { cwd: root });
  } catch (error) {
    if (!(error instanceof GitError) || error.exitCode !== 1) throw error;
    throw new UsageError(
      `--copy ${path}: git does not ignore it, so it would be part of every result.`,
      "Commit it, or ignore it.",
    );
  }
}
