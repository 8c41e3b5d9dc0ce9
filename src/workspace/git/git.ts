import { existsSync } from "node:fs";
import { AskCodexError, asExpected, isErrno } from "../../errors.ts";
import { REPOSITORY_VARIABLES } from "../../process/git-variables.ts";
import { type GitEnding, gitProcess } from "./one-process.ts";
import { textOf } from "./raw-names.ts";

export interface GitOptions {
  readonly cwd: string;
  /** Further `name=value` settings, stronger than every configuration file. */
  readonly config?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Without it git has no stdin at all. */
  readonly input?: Uint8Array;
  readonly signal?: AbortSignal | undefined;
}

/** A git command that could not start, failed or was ended; the message carries the first line of its complaint. */
export class GitError extends AskCodexError {
  /** The exit code; undefined when git did not exit by itself. */
  readonly exitCode: number | undefined;
  readonly stderr: string;
  /** Raw, as far as it came: some commands answer and fail at once. */
  readonly stdout: string;
  readonly notFound: boolean;

  constructor(command: string, ending: GitEnding, cwd: string) {
    const { error, exitCode } = ending;
    const stderr = textOf(ending.stderr.toString("latin1"));
    const notFound = isErrno(error, "ENOENT");
    // A missing folder looks just like a missing git.
    const known = notFound ? missing(cwd) : KNOWN.find(([sentence]) => sentence.test(stderr));
    const message = `git ${command}: ${complaint(ending, stderr)}`;
    // No descriptor, no process, no memory left: that is the machine's, and named as that.
    const machine = usedUp(error, stderr);
    const kind = machine === null ? "internal" : "system";
    const hint = known?.[2] ?? machine?.hint;
    super(known ? "usage" : kind, known?.[1] ?? message, { cause: error, ...(hint !== undefined && { hint }) });
    this.exitCode = exitCode ?? undefined;
    this.stderr = stderr;
    this.stdout = ending.stdout.toString("latin1");
    this.notFound = notFound;
  }
}

/** What is the matter with the machine or the repository, and not with us. */
const KNOWN: readonly (readonly [complaint: RegExp, what: string | null, next: string])[] = [
  [
    /detected dubious ownership in repository/,
    null,
    "If you trust it: git config --global --add safe.directory <its folder>",
  ],
  [/bad (?:\w+ )*config (?:line|value|variable)/, null, "Correct the git configuration that the line names."],
  [
    /your current branch '.*' does not have any commits yet|ambiguous argument 'HEAD'|bad revision 'HEAD'|Not a valid object name:? '?HEAD/,
    "the repository has no commit yet",
    "Make a first commit: git commit --allow-empty -m 'Begin'",
  ],
];

function missing(cwd: string): readonly [what: null, says: string, next: string] {
  return existsSync(cwd)
    ? [null, "there is no git program on PATH", "Install git, or put it on PATH."]
    : [null, `there is no such folder: ${cwd}`, "Name one that exists."];
}

/** What the machine has run out of; null: it is something else. Git has words of its own for a full disk. */
function usedUp(error: Error | null, stderr: string): AskCodexError | null {
  const full = /No space left on device|Out of diskspace|Disk quota exceeded/.test(stderr);
  const machine = asExpected(full ? Object.assign(new Error(stderr), { code: "ENOSPC" }) : error);
  return machine.kind === "system" ? machine : null;
}

/**
 * Runs one git command and gives its stdout as a raw string: one character a byte (see raw-names.ts).
 * It changes nothing but what its arguments say: no hooks, no optional locks, no prompts, no network.
 * Throws the signal's reason when aborted (git is gone by then), else a GitError.
 */
export async function runGit(command: readonly string[], options: GitOptions): Promise<string> {
  options.signal?.throwIfAborted();
  const settings = [...SETTINGS, ...(options.config ?? [])].flatMap((setting) => ["-c", setting]);
  const { cwd, input, signal } = options;
  const env = { ...ENVIRONMENT, ...options.env };
  const ending = await gitProcess({ args: [...settings, ...command], cwd, env, input, signal, limits: LIMITS });
  signal?.throwIfAborted();
  if (ending.exitCode !== 0) throw new GitError(nameOf(command), ending, cwd);
  return ending.stdout.toString("latin1");
}

/** Like Promise.all, but waits for all of them, so that no git process outlives the failure of another. */
export async function together<Results extends readonly unknown[]>(
  promises: {
    [Index in keyof Results]: Promise<Results[Index]> | Results[Index];
  },
): Promise<Results> {
  await Promise.allSettled(promises);
  return (await Promise.all(promises)) as unknown as Results;
}

// The first word that is neither an option nor a setting.
function nameOf(command: readonly string[]): string {
  return command.find((word) => /^[a-z-]+$/.test(word) && !word.startsWith("-")) ?? "";
}

function complaint({ endedFor, error, exitCode, signal }: GitEnding, stderr: string): string {
  if (endedFor === "time") return `no end after ${LIMITS.timeMs / 1000} s`;
  if (endedFor === "output") return `more than ${LIMITS.output} bytes of output`;
  const lines = stderr.split("\n").filter((line) => line !== "");
  const said = lines.find((line) => /^(fatal|error):/.test(line)) ?? lines[0];
  return said ?? error?.message ?? (signal === null ? `exited with code ${exitCode}` : `was ended by ${signal}`);
}

const SETTINGS = [
  "core.hooksPath=/dev/null", // post-index-change would run
  "core.fsmonitor=false", // a daemon or a program named by the repository
  "core.untrackedCache=false",
  "core.ignoreStat=false", // "true" marks every entry that git writes as one whose file is not looked at
  "core.splitIndex=false", // the shared half would be written into the repository
  "core.safecrlf=false", // "true" refuses files whose line ends do not survive a round trip
  "core.fsync=none", // what we write need not survive a power cut
  "core.bigFileThreshold=32m", // larger files are streamed, and counted as binary instead of diffed
];

// What is undefined is left out.
const ENVIRONMENT: Record<string, string | undefined> = {
  ...Object.fromEntries([...REPOSITORY_VARIABLES].map((name) => [name, undefined])),
  GIT_TRACE: undefined, // "1" writes over the complaint on stderr
  GIT_OPTIONAL_LOCKS: "0",
  GIT_TERMINAL_PROMPT: "0",
  GIT_ALLOW_PROTOCOL: "none", // a partial clone would fetch what is missing
  GIT_NO_LAZY_FETCH: "1",
  LC_ALL: "C", // the complaints are compared
};

const LIMITS = {
  // A listing of millions of paths fits; more is an error, never cut.
  output: 400_000_000,
  // The caller's signal ends a run; this is for git stuck where no one looks (a dead network mount, a FIFO as .gitignore).
  timeMs: 120_000,
  // Git removes its lock files at SIGTERM, which takes a few milliseconds.
  graceMs: 200,
};
