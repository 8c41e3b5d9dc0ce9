import type { ChildProcess } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import {
  descendantsOf,
  type EndOptions,
  endProcesses,
  gonePolitely,
  processesMarked,
} from "../process/end-processes.ts";
import { RUN_MARKER } from "../process/run-marker.ts";
import { signalGroup } from "../process/signal-group.ts";
import type { ProcessEntry } from "../process/table.ts";
import { type Connection, connect, type ServerRequest } from "./connection.ts";
import type { LaunchedCodex } from "./launch.ts";
import { longTexts } from "./long-texts.ts";
import { notifyPrograms } from "./notify-programs.ts";
import { OpenWork } from "./open-work.ts";
import { exitOf, hungUp, type ServerExit } from "./server-exit.ts";
import type { Notification } from "./turn-event.ts";

export interface AppServer {
  readonly pid: number | undefined;
  readonly connection: Connection;
  /**
   * How the process ended. Never rejects; a program that could not be started is `{ error }`. One that closed its stdout counts
   * as gone, with neither code nor signal: nothing more will be heard of it.
   */
  readonly exited: Promise<ServerExit>;
  /** What Codex is doing, for any listener. */
  readonly work: OpenWork;
  /** Who hears notifications and requests from now on. */
  listen(listener: ServerListener): void;
  /** True when no command of Codex's runs. (Elsewhere than on Linux whatever descends from the server counts as one.) */
  idle(): Promise<boolean>;
  /**
   * Ends the server, its commands and whatever carries the run's marker. Resolves with what could not be ended. When it is
   * urgent, a server that does not leave at once is killed (0.5 s at most, else 1.5 s). Asked again, it is the same ending.
   */
  end(how?: EndOptions): Promise<readonly ProcessEntry[]>;
}

interface ServerListener {
  readonly notification: (notification: Notification) => void;
  readonly request: (request: ServerRequest) => void;
}

// The server leaves within 40 ms of EOF; what takes longer is stuck.
const EOF_GRACE_MS = 250;
const URGENT_EOF_GRACE_MS = 120;
const TERM_GRACE_MS = 150;
const KILL_GRACE_MS = 200;
// What the user's `notify` program does (a sound, a message to a server) is over by then; it is ended after that.
const NOTIFY_GRACE_MS = 5_000;

/** What is spoken to: the app-server of a Codex that was launched. */
export function serverOf({ child, exit, runId, folder }: LaunchedCodex): AppServer {
  // Until someone listens, messages wait: the first answers may come before the caller has set itself up.
  const early: ((listener: ServerListener) => void)[] = [];
  let listener: ServerListener | undefined;
  const deliver = (tell: (to: ServerListener) => void) => (listener ? tell(listener) : void early.push(tell));
  const work = new OpenWork();
  const [stdin, stdout, stderr] = child.stdio as unknown as [Writable, Readable, Readable];
  const hear = (message: Notification) => {
    work.hear(message);
    deliver((to) => to.notification(message));
  };
  const connection = connect(
    stdin,
    stdout,
    { notification: hear, request: (message) => deliver((to) => to.request(message)) },
    longTexts(folder, (message) => hear({ method: "warning", params: { message } })),
  );
  const gone = exitOf(exit, [stdout, stderr]);
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
    idle: async () => (await commandsOf(child, runId)).length === 0,
    end({ urgent = false } = {}) {
      // A slow ending that has become urgent is cut short.
      if (ending !== undefined && urgent && isRunning(child)) signalGroup(child.pid, "SIGKILL");
      ending ??= endServer(child, { stdin, gone, runId, urgent });
      return ending;
    },
  };
}

async function endServer(
  child: ChildProcess,
  { stdin, gone, runId, urgent }: { stdin: Writable; gone: Promise<ServerExit>; runId: string; urgent: boolean },
): Promise<readonly ProcessEntry[]> {
  if (child.pid === undefined) return [];
  // Collected first: once the server is gone, its commands (each in a session of its own) belong to no one.
  const descendants = await descendantsIfRunning(child);
  stdin.end();
  if (!(await within(gone, urgent ? URGENT_EOF_GRACE_MS : EOF_GRACE_MS))) {
    // Not its group, unless all must end at once: the user's `notify` program is in it.
    if (!urgent) child.kill("SIGTERM");
    if (urgent || !(await within(gone, TERM_GRACE_MS))) {
      if (urgent) signalGroup(child.pid, "SIGKILL");
      else child.kill("SIGKILL");
      await within(gone, KILL_GRACE_MS);
    }
  }
  if (!urgent) await letNotify([...descendants, ...(await processesMarked(RUN_MARKER, runId))]);
  await endProcesses(descendants, { urgent });
  const survivors = await endProcesses(await processesMarked(RUN_MARKER, runId), { urgent });
  child.stdout?.destroy();
  child.stderr?.destroy();
  stdin.destroy();
  // A process that cannot be killed (stuck in the kernel) must not keep us here.
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

/** What a running server has started. Once it has ended, its pid may be someone else's. */
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
