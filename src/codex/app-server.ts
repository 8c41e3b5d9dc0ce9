import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync } from "node:fs";
import type { Readable, Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { openPlain } from "../files/open-plain.ts";
import { descendantsOf, endProcesses, gonePolitely, processesMarked } from "../process/end-processes.ts";
import { RUN_MARKER } from "../process/run-marker.ts";
import { signalGroup } from "../process/signal-group.ts";
import type { ProcessEntry } from "../process/table.ts";
import { type Connection, connect, type ServerRequest } from "./connection.ts";
import { notifyPrograms } from "./notify-programs.ts";
import { OpenWork } from "./open-work.ts";
import type { Notification } from "./turn-event.ts";

export interface AppServerOptions {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** The id of the run, put into the environment as `RUN_MARKER`. */
  readonly runId: string;
  /** Codex's stderr goes here, unread: it is noise unless Codex fails to start. */
  readonly stderrPath: string;
}

export interface AppServer {
  readonly pid: number | undefined;
  readonly connection: Connection;
  /**
   * How the process ended. Never rejects; a program that could not be started is `{ error }`. One that closed its stdout counts
   * as gone, with neither code nor signal: nothing more will be heard of it.
   */
  readonly exited: Promise<ServerExit>;
  /** What Codex is at, whoever listens. */
  readonly work: OpenWork;
  /** Who hears notifications and requests from now on. */
  listen(listener: ServerListener): void;
  /** True when no command of Codex's runs. (Elsewhere than on Linux whatever descends from the server counts as one.) */
  idle(): Promise<boolean>;
  /**
   * Ends the server, its commands and whatever carries the run's marker. Resolves with what could not be ended. When it is
   * urgent, a server that does not leave at once is killed (0.5 s at most, else 1.5 s). Asked again, it is the same ending.
   */
  end(urgent?: boolean): Promise<readonly ProcessEntry[]>;
}

interface ServerListener {
  readonly notification: (notification: Notification) => void;
  readonly request: (request: ServerRequest) => void;
}

export interface ServerExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly error: Error | null;
}

// The server leaves within 40 ms of EOF; what takes longer is stuck.
const EOF_GRACE_MS = 250;
const URGENT_EOF_GRACE_MS = 120;
const TERM_GRACE_MS = 150;
const KILL_GRACE_MS = 200;
// What the user's `notify` program does (a sound, a message to a server) is over by then; it is ended after that.
const NOTIFY_GRACE_MS = 5_000;

/**
 * Starts `codex app-server` in a process group of its own, hanging on our stdin pipe: however we die, it reads EOF and
 * ends, and its sandboxed commands with it. (Plain spawn: execa costs 14 ms of start-up here, on the way to the first byte.)
 */
export function startAppServer(options: AppServerOptions): AppServer {
  const stderr = openPlain(options.stderrPath, "append");
  const child = spawn(options.program, [...options.args], {
    cwd: options.cwd,
    env: { ...options.env, [RUN_MARKER]: options.runId },
    stdio: ["pipe", "pipe", stderr],
    detached: true,
  });
  closeSync(stderr);
  // Until someone listens, messages wait: the first answers may come before the caller has set itself up.
  const early: ((listener: ServerListener) => void)[] = [];
  let listener: ServerListener | undefined;
  const deliver = (tell: (to: ServerListener) => void) => (listener ? tell(listener) : void early.push(tell));
  const work = new OpenWork();
  const [stdin, stdout] = [child.stdin as Writable, child.stdout as Readable];
  const connection = connect(stdin, stdout, {
    notification: (message) => {
      work.hear(message);
      deliver((to) => to.notification(message));
    },
    request: (message) => deliver((to) => to.request(message)),
  });
  const gone = exitOf(child, stdout);
  const exited = Promise.race([gone, hungUp(stdout)]).finally(() => connection.close());
  let ending: Promise<readonly ProcessEntry[]> | undefined;
  return {
    pid: child.pid,
    connection,
    work,
    exited,
    listen(next) {
      listener = next;
      for (const tell of early.splice(0)) tell(next);
    },
    idle: async () => (await commandsOf(child, options.runId)).length === 0,
    end(urgent = false) {
      // A slow ending that has become urgent is cut short.
      if (ending !== undefined && urgent && isRunning(child)) signalGroup(child.pid, "SIGKILL");
      ending ??= endServer(child, stdin, gone, options.runId, urgent);
      return ending;
    },
  };
}

/** `exit` alone may come before the last lines were read; `close` alone waits for whoever else holds the pipe. */
async function exitOf(child: ChildProcess, stdout: Readable): Promise<ServerExit> {
  try {
    const [code, signal] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
    if (!stdout.readableEnded) await Promise.race([once(stdout, "end"), sleep(DRAIN_MS, undefined, { ref: false })]);
    return { code, signal, error: null };
  } catch (error) {
    return { code: null, signal: null, error: error as Error };
  }
}

// What is left in a pipe of a dead process is read in one go; a surviving grandchild must not make us wait.
const DRAIN_MS = 100;

// A server that exits closes its stdout a moment before.
const HANG_UP_MS = 500;

async function hungUp(stdout: Readable): Promise<ServerExit> {
  await once(stdout, "end");
  return sleep(HANG_UP_MS, { code: null, signal: null, error: null }, { ref: false });
}

async function endServer(
  child: ChildProcess,
  stdin: Writable,
  gone: Promise<ServerExit>,
  runId: string,
  urgent: boolean,
): Promise<readonly ProcessEntry[]> {
  if (child.pid === undefined) return [];
  // Collected first: once the server is gone, its commands (each in a session of its own) belong to nobody.
  const descendants = await descendantsIfRunning(child);
  stdin.end();
  if (!(await within(gone, urgent ? URGENT_EOF_GRACE_MS : EOF_GRACE_MS))) {
    if (!urgent) signalGroup(child.pid, "SIGTERM");
    if (urgent || !(await within(gone, TERM_GRACE_MS))) {
      signalGroup(child.pid, "SIGKILL");
      await within(gone, KILL_GRACE_MS);
    }
  }
  if (!urgent) await letNotify([...descendants, ...(await processesMarked(RUN_MARKER, runId))]);
  await endProcesses(descendants, urgent);
  const survivors = await endProcesses(await processesMarked(RUN_MARKER, runId), urgent);
  child.stdout?.destroy();
  stdin.destroy();
  // One that cannot be killed (stuck in the kernel) must not keep us here.
  child.unref();
  return survivors;
}

/** The other processes are ended at once, so that none of Codex's commands runs on meanwhile. */
async function letNotify(processes: readonly ProcessEntry[]): Promise<void> {
  const notifying = await notifyPrograms(processes);
  if (notifying.size === 0) return;
  await endProcesses(processes.filter(({ pid }) => !notifying.has(pid)));
  await gonePolitely(
    processes.filter(({ pid }) => notifying.has(pid)),
    NOTIFY_GRACE_MS,
  );
}

/** What a running server has started. Once it has ended, its pid may be somebody else's. */
async function descendantsIfRunning(child: ChildProcess): Promise<readonly ProcessEntry[]> {
  return isRunning(child) ? descendantsOf(child.pid) : [];
}

/** The commands among them: the servers of the user's own tools (MCP) get no more of our environment than a few variables. */
async function commandsOf(child: ChildProcess, runId: string): Promise<readonly ProcessEntry[]> {
  const descendants = await descendantsIfRunning(child);
  if (descendants.length === 0 || process.platform !== "linux") return descendants;
  const marked = new Set((await processesMarked(RUN_MARKER, runId)).map(({ pid }) => pid));
  const notifying = await notifyPrograms(descendants);
  return descendants.filter(({ pid }) => marked.has(pid) && !notifying.has(pid));
}

function isRunning(child: ChildProcess): child is ChildProcess & { pid: number } {
  return child.pid !== undefined && child.exitCode === null && child.signalCode === null;
}

async function within(promise: Promise<unknown>, ms: number): Promise<boolean> {
  const timer = new AbortController();
  const elapsed = sleep(ms, false, { signal: timer.signal }).catch(() => false);
  const done = await Promise.race([promise.then(() => true), elapsed]);
  timer.abort();
  return done;
}
