import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import type { Readable, Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { lineSplitter } from "../files/json-lines.ts";
import { openCappedLog } from "../files/kept/capped-log.ts";
import { endProcesses, processesMarked } from "../process/end-processes.ts";
import { RUN_MARKER } from "../process/run-marker.ts";
import { signalGroup } from "../process/signal-group.ts";
import { startChildIn } from "../process/start-child.ts";
import type { ProcessEntry } from "../process/table.ts";
import type { ClaudeExit } from "./end.ts";

export interface ClaudeProcessOptions {
  readonly program: string;
  readonly args: readonly string[];
  readonly prompt: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Put into the environment of all its processes as `RUN_MARKER`. */
  readonly id: string;
  /** What it prints goes here as well. */
  readonly logPath: string;
  readonly onLine: (line: string) => void;
}

export interface ClaudeProcess {
  readonly pid: number | null;
  /** Never rejects. */
  readonly exited: Promise<ClaudeExit>;
  /** Ends it with its commands and whatever carries the mark. Resolves with what could not be ended. Asked again, it is the same ending. */
  end(): Promise<readonly ProcessEntry[]>;
}

// Its own clean-up, which ends a running command, takes 2 s.
const TERM_GRACE_MS = 3_000;
const KILL_GRACE_MS = 500;
// What is in the pipes is read within this time.
const LAST_WORDS_MS = 1_000;

/**
 * Starts `claude -p` in a process group of its own. Beside it waits a shell on a pipe of ours: however we die, the pipe ends, and the
 * shell ends Claude Code politely, and then everything that carries the mark, for its commands live in sessions of their own.
 */
export function startClaude(options: ClaudeProcessOptions): ClaudeProcess {
  const { program, args, prompt, cwd, env, id, logPath, onLine } = options;
  const log = openCappedLog(logPath);
  const child = startChildIn(cwd, "bash", ["-c", GUARDED, "bash", program, ...args], {
    ...{ env: { ...env, [RUN_MARKER]: id }, detached: true },
    stdio: ["pipe", "pipe", "pipe", "pipe"],
  });
  if (child instanceof Error) {
    log.close();
    return { pid: null, exited: Promise.resolve({ ...NOT_STARTED, error: child }), end: async () => [] };
  }
  const [stdin, stdout, stderr] = child.stdio as unknown as [Writable, Readable, Readable];
  const lifeline = child.stdio[3] as Writable;
  for (const pipe of [stdin, lifeline]) pipe.on("error", () => {});
  stdin.end(prompt);
  let last = "";
  const split = lineSplitter((line) => onLine(line.toString("utf8")));
  stdout.on("data", (chunk: Buffer) => {
    log.write(chunk);
    split(chunk);
  });
  stderr.on("data", (chunk: Buffer) => {
    log.write(chunk);
    last = (last + chunk.toString("utf8")).slice(-MOST_STDERR);
  });
  const read = Promise.all([once(stdout, "close"), once(stderr, "close")]);
  const exited = exitOf(child).then(async (exit) => {
    // The shell beside it goes first: it would take the end of the pipe for ours.
    if (child.pid !== undefined) signalGroup(child.pid, "SIGKILL");
    await Promise.race([read, sleep(LAST_WORDS_MS, null, { ref: false })]);
    lifeline.destroy();
    log.close();
    return { ...exit, stderr: last };
  });
  let ending: Promise<readonly ProcessEntry[]> | undefined;
  return {
    pid: child.pid ?? null,
    exited,
    end() {
      ending ??= endClaude(child, exited, id);
      return ending;
    },
  };
}

const NOT_STARTED = { code: null, signal: null, stderr: "" } as const;
const MOST_STDERR = 8_000;

/** The program takes the place of the first shell. Its environment marks the others; the shell that looks for them is one itself. */
const GUARDED = `{
  trap "" TERM INT HUP
  read -r _ <&3
  kill -TERM $$
  for n in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do kill -0 $$ || break; sleep 0.2; done
  for n in 1 2; do
    for found in $(grep -lsz "^${RUN_MARKER}=$${RUN_MARKER}\\$" /proc/[0-9]*/environ); do
      found=\${found#/proc/}; found=\${found%/environ}
      [ "$found" = "$BASHPID" ] || kill -KILL "$found"
    done
  done
  kill -KILL $$
} </dev/null >/dev/null 2>&1 &
exec "$@" 3<&-`;

async function exitOf(child: ChildProcess): Promise<Omit<ClaudeExit, "stderr">> {
  try {
    const [code, signal] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
    return { code, signal, error: null };
  } catch (error) {
    return { code: null, signal: null, error: error instanceof Error ? error : new Error(String(error)) };
  }
}

async function endClaude(child: ChildProcess, exited: Promise<unknown>, id: string): Promise<readonly ProcessEntry[]> {
  const isRunning = () => child.pid !== undefined && child.exitCode === null && child.signalCode === null;
  const within = (ms: number) => Promise.race([exited, sleep(ms, null, { ref: false })]);
  if (isRunning()) {
    child.kill("SIGTERM");
    await within(TERM_GRACE_MS);
    if (isRunning() && child.pid !== undefined) {
      signalGroup(child.pid, "SIGKILL");
      await within(KILL_GRACE_MS);
    }
  } else await within(LAST_WORDS_MS);
  return endProcesses(await processesMarked(RUN_MARKER, id));
}
