import { once } from "node:events";
import { closeSync, fstatSync } from "node:fs";
import { monotonicMs } from "../bounds/monotonic.ts";
import { openPlain } from "../files/open-plain.ts";
import { randomHex } from "../files/random-hex.ts";
import { readPlainStart, readPlainTail } from "../files/read-plain.ts";
import { capOutput } from "./cap-output.ts";
import { endProcesses, processesMarked } from "./end-processes.ts";
import { signalGroup } from "./signal-group.ts";
import { startChildIn } from "./start-child.ts";

export interface CheckOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly limitMs: number;
  /** All that the command prints, both streams in their order, goes here. */
  readonly outputPath: string;
  readonly signal: AbortSignal;
  /** How long the command may clean up after SIGTERM, at the limit and when the run is cancelled; left out: not at all. */
  readonly graceMs?: { readonly atLimit: number; readonly cancelled: number };
  /** A program with its arguments that runs the command line put behind them, such as a sandbox; left out: none. */
  readonly launcher?: readonly string[];
}

export interface CheckRun {
  /** `null`: killed, by us at the limit or by someone else. */
  readonly exitCode: number | null;
  readonly timedOut: boolean;
  readonly durationMs: number;
  readonly outputTail: string;
}

/** What a check leaves behind may have left its group and its parent; this is in its environment all the same. */
const CHECK_MARKER = "ASK_CODEX_CHECK";

/**
 * Runs a shell command on Codex's work: with the caller's PATH (a login shell would build another one, without the caller's
 * virtualenv or Node), in a process group of its own, without stdin, within limits of time and output. When it is over, so
 * is everything it started. Output goes to a file, so that a background child that keeps it open cannot hold us up. Rejects when
 * there is no bash, or when a launcher ends without having begun with the command.
 */
export async function runCheck(command: string, options: CheckOptions): Promise<CheckRun> {
  const output = openPlain(options.outputPath, "append");
  const from = fstatSync(output).size;
  const startedAt = monotonicMs();
  const id = randomHex(8);
  // Plain spawn: execa would read the output through us, and wait for every process that keeps it open.
  const child = startChildIn(options.cwd, "bash", ["-c", GUARDED, "bash", ...commandLine(command, id, options)], {
    env: { ...options.env, [CHECK_MARKER]: id },
    stdio: ["pipe", output, output],
    detached: true,
  });
  closeSync(output);
  if (child instanceof Error) throw child;
  const { pid } = child;
  const cap = capOutput(options.outputPath, { from });
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    end(options.graceMs?.atLimit);
  }, options.limitMs);
  let killing: NodeJS.Timeout | undefined;
  const onAbort = () => end(options.graceMs?.cancelled);
  options.signal.addEventListener("abort", onAbort);
  if (options.signal.aborted) onAbort();
  const [exitCode] = (await once(child, "exit").finally(() => {
    clearTimeout(timer);
    clearTimeout(killing);
    cap.stop();
    options.signal.removeEventListener("abort", onAbort);
  })) as [number | null];
  const durationMs = monotonicMs() - startedAt;
  // What it left in the background ends with it.
  if (pid !== undefined) signalGroup(pid, "SIGKILL");
  await endProcesses(await processesMarked(CHECK_MARKER, id), { urgent: true });
  if (options.launcher !== undefined && !timedOut && !options.signal.aborted)
    requireBegun(options.outputPath, from, id);
  return {
    exitCode: timedOut ? null : exitCode,
    timedOut,
    durationMs,
    outputTail: readTail(options.outputPath, id) + (exitCode === 127 ? searched(options.env) : ""),
  };

  // Processes that have left the group are found by their mark, once the group is gone.
  function end(graceMs = 0) {
    if (pid === undefined) return;
    clearTimeout(killing);
    if (graceMs === 0) return signalGroup(pid, "SIGKILL");
    signalGroup(pid, "SIGTERM");
    killing = setTimeout(() => signalGroup(pid, "SIGKILL"), graceMs);
  }
}

/**
 * The command, and beside it a reader of our pipe: when we are gone, by SIGKILL as well, the pipe ends, and with it the whole
 * group. The command itself has no stdin. A SIGTERM to the group is for the command: who watches over it stays.
 */
const GUARDED = '{ trap "" TERM; read -r _; kill -KILL 0; } <&0 >/dev/null 2>&1 & exec "$@" </dev/null';

function commandLine(command: string, id: string, { launcher, env }: CheckOptions): readonly string[] {
  if (launcher === undefined) return ["bash", "-c", command];
  // Launchers put folders of their own in front of PATH.
  return [...launcher, "bash", "-c", BEGUN, "bash", begunLine(id), env["PATH"] ?? "", command];
}

const BEGUN = 'printf "%s\\n" "$1"; export PATH="$2"; exec bash -c "$3"';

function begunLine(id: string): string {
  return `[${id}] the command begins`;
}

// Launchers warn in a few lines before they begin.
const MOST_PREAMBLE = 64_000;

/** What a launcher that does not come to the command prints and exits with says nothing of the command. */
function requireBegun(outputPath: string, from: number, id: string): void {
  const output = readPlainStart(outputPath, MOST_PREAMBLE, from);
  if (!output.includes(begunLine(id))) throw new Error(`its sandbox did not start: ${output.trim().slice(0, 1_000)}`);
}

/** What bash says of a program that it does not find leaves out where it looked. */
function searched({ PATH }: CheckOptions["env"]): string {
  return `\nask_codex: exit code 127 means that a program was not found. PATH was: ${PATH ?? "not set"}\n`;
}

// What fits into a report and a prompt; the file has the rest.
const TAIL_BYTES = 8_000;

function readTail(path: string, id: string): string {
  const { text, size } = readPlainTail(path, TAIL_BYTES);
  const begun = text.indexOf(begunLine(id));
  if (begun >= 0) return text.slice(text.indexOf("\n", begun) + 1);
  // A cut may fall inside a character or a line: begin with a whole line.
  return size > TAIL_BYTES ? text.slice(text.indexOf("\n") + 1) : text;
}
