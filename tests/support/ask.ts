import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { isErrno } from "../../src/errors.ts";
import { logLines } from "./line-log.ts";
import { PROGRAM } from "./programs.ts";

import type { World } from "./world.ts";

export interface AskOptions {
  /** What is piped in; without it stdin is /dev/null, and with `"open"` a pipe that nobody writes to or closes. */
  readonly stdin?: { readonly text: string | Uint8Array } | "open";
  /** Default: the workspace. */
  readonly cwd?: string;
  /** Over the world's environment; `undefined` takes a variable out. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Which compiled program; default: ask_codex. */
  readonly program?: string;
  /** The Node to run it with, see `withNode`; default: the one on PATH. */
  readonly node?: string;
}

/** How a run of the compiled program ended. */
export interface Asked {
  /** null: it died of `signal`. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The `key=value` lines of stdout; of a key that is there twice, the last. */
  readonly keys: Keys;
  /** The file that output_path names, or null when there is none. */
  readonly report: string | null;
  /** stdout of a run with `--json`. */
  readonly json: AskJson | null;
  /** From start to exit, start-up of Node included. */
  readonly durationMs: number;
}

interface Keys {
  readonly [key: string]: string | undefined;
  readonly session_id?: string;
  readonly output_path?: string;
  readonly status?: string;
  readonly run_id?: string;
  readonly error_kind?: string;
}

/** What tests look at in the object of `--json`. */
export interface AskJson {
  readonly schema_version: number;
  readonly status: string;
  readonly session_id: string | null;
  readonly output_path: string | null;
  readonly changes: readonly { path: string; kind: string; added: number | null; removed: number | null }[];
  readonly commands: readonly Readonly<Record<string, unknown>>[];
  readonly checks: readonly Readonly<Record<string, unknown>>[];
  readonly questions: readonly Readonly<Record<string, unknown>>[];
  readonly usage: Readonly<Record<string, number>> | null;
  readonly receipt: Readonly<Record<string, unknown>>;
  readonly error: Readonly<Record<string, unknown>> | null;
}

/** A run that is under way. At the end of the scope it is killed if the test did not get to its end. */
export interface Asking extends AsyncDisposable {
  readonly child: ChildProcess;
  readonly done: Promise<Asked>;
  stdoutLine(match: string | RegExp): Promise<string>;
  stderrLine(match: string | RegExp): Promise<string>;
}

/** Runs the compiled program to its end. */
export async function ask(world: World, args: readonly string[], options: AskOptions = {}): Promise<Asked> {
  return startAsk(world, args, options).done;
}

/** The flags that continue the session of an earlier run. */
export function sessionFlags({ keys, json }: Asked): readonly string[] {
  return ["--session", keys.session_id ?? json?.session_id ?? ""];
}

/** Starts the compiled program, for tests that do something to it meanwhile. */
export function startAsk(world: World, args: readonly string[], options: AskOptions = {}): Asking {
  const { stdin, cwd = world.workspace, node, program = PROGRAM } = options;
  const [command, ...before] = node === undefined ? [program] : [node, program];
  const env = { ...world.env, ...options.env };
  const startedAt = performance.now();
  const child = spawn(command, [...before, ...args], {
    cwd,
    env,
    stdio: [stdin === undefined ? "ignore" : "pipe", "pipe", "pipe"],
  });
  if (typeof stdin === "object") {
    // A program that needs no stdin may close it before it has read everything.
    child.stdin?.on("error", (error) =>
      isErrno(error, "EPIPE", "ECONNRESET") ? undefined : child.emit("error", error),
    );
    child.stdin?.end(stdin.text);
  }
  const [stdout, stderr] = [logLines(child.stdout as Readable), logLines(child.stderr as Readable)];
  const ended = endOf(child, startedAt);
  const done = ended.then(async (end) => {
    const keys = parseKeys(stdout.text());
    const json = args.includes("--json") && stdout.text() !== "" ? (JSON.parse(stdout.text()) as AskJson) : null;
    const report = await readReport(json?.output_path ?? keys.output_path);
    return { ...end, stdout: stdout.text(), stderr: stderr.text(), keys, report, json };
  });
  // Whoever waits for `done` hears of it; a test that failed before that does not need to.
  done.catch(() => undefined);
  return {
    ...{ child, done, stdoutLine: stdout.line, stderrLine: stderr.line },
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await ended.catch(() => undefined);
    },
  };
}

// Output that is still in the pipes is read in a moment; what holds them longer is a process that was left behind.
const PIPES_GRACE_MS = 20_000;

async function endOf(child: ChildProcess, startedAt: number): Promise<Pick<Asked, "code" | "signal" | "durationMs">> {
  const closed = once(child, "close").then(() => true);
  closed.catch(() => undefined);
  const [code, signal] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
  const durationMs = performance.now() - startedAt;
  const timer = new AbortController();
  const late = sleep(PIPES_GRACE_MS, false, { signal: timer.signal }).catch(() => false);
  const read = await Promise.race([closed, late]);
  timer.abort();
  if (read) return { code, signal, durationMs };
  child.stdout?.destroy();
  child.stderr?.destroy();
  throw new Error("the program has exited, but somebody still holds its stdout or stderr");
}

function parseKeys(stdout: string): Keys {
  const pairs = stdout.split("\n").map((line) => /^([a-z_]+)=(.*)$/.exec(line));
  return Object.fromEntries(pairs.flatMap((pair) => (pair ? [[pair[1], pair[2]]] : [])));
}

async function readReport(path: string | null | undefined): Promise<string | null> {
  if (!path) return null;
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (isErrno(error, "ENOENT")) return null;
    throw error;
  }
}
