import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { timeLimit } from "../bounds/time-limit.ts";
import { AskCodexError, asExpected, isErrno, messageOf } from "../errors.ts";
import { oneLine } from "../text/defuse.ts";
import { shellQuoted } from "../text/quote.ts";
import { loggingIn } from "./gate.ts";
import type { Machine } from "./machine.ts";

/**
 * ssh without a question and without a way back into this machine; and with an end when nothing comes from the other one for half a
 * minute, unless the user's own options say otherwise (ssh takes what it reads first).
 */
export function sshWords({ ssh, options }: Machine, ...more: readonly string[]): readonly string[] {
  const ours = ["-T", "-a", "-x", "-oBatchMode=yes", "-oControlMaster=no", "-oControlPath=none"];
  const usual = ["-oConnectTimeout=15", "-oServerAliveInterval=10", "-oServerAliveCountMax=3"];
  return ["ssh", ...ours, ...options, ...usual, ...more, "--", ssh];
}

/** What the user types to get there. */
export function byHand({ ssh, options }: Machine): string {
  const words = [...options, ssh].map((word) => (/^[\w@%+=:,./~-]+$/.test(word) ? word : shellQuoted(word)));
  return ["ssh", ...words].join(" ");
}

/**
 * Starts a bash script over there, with its arguments; what is written to the child is its stdin.
 * @throws Unreachable where there is no ssh; AskCodexError `system` where this machine has no room for one more process
 */
export async function startThere(
  machine: Machine,
  script: string,
  args: readonly string[],
): Promise<ChildProcessWithoutNullStreams> {
  const [program = "", ...words] = sshWords(machine);
  const line = wordsThere(machine, script, args).map(shellQuoted).join(" ");
  const child = await loggingIn(machine, { program, args: [...words, line], stderr: true }).catch((error) => {
    throw isErrno(error, "ENOENT") ? new Unreachable(machine, NO_SSH, true) : asExpected(error, "ssh");
  });
  child.stdin.on("error", () => {});
  return child;
}

/** The words that run a bash script over there. */
export function wordsThere(machine: Machine, script: string, args: readonly string[]): readonly string[] {
  const path = machine.path.length === 0 ? "" : `export PATH=${shellQuoted(machine.path.join(":"))}:"$PATH"; `;
  return ["bash", "-c", `umask 077; ${path}${script}`, "bash", ...args];
}

export interface ThereOptions {
  /** Sent once the script has said hello, behind a line that is empty. */
  readonly input?: Buffer;
  readonly limitMs: number;
  readonly signal?: AbortSignal;
}

// The largest base at 1 MB/s takes half of it.
export const TRAVEL_MS = 600_000;
// No result of a task is larger than this.
const MOST_OUTPUT = 256 * 1024 * 1024;
const NO_SSH = "there is no ssh on PATH here; install OpenSSH's client";

/** ssh failed. */
export class Unreachable extends AskCodexError {
  /** The script had not said anything: what waits for an answer before it makes something has made nothing. */
  readonly silent: boolean;

  constructor(machine: Machine, why: string, silent: boolean) {
    const hint = `Try it by hand: ${byHand(machine)}; then go on with --resume.`;
    super("machine_unreachable", `the machine ${machine.name} cannot be reached: ${why}`, { hint });
    this.silent = silent;
  }
}

/** The script has complained. */
export class FailedThere extends AskCodexError {
  constructor(machine: Machine, why: string) {
    super("system", `on the machine ${machine.name}: ${why}`, { hint: `Look there: ${byHand(machine)}` });
  }
}

/**
 * Runs a script over there to its end.
 * @throws Unreachable when ssh fails, FailedThere when the script does, AskCodexError `system` for what fails here; the signal's reason
 */
export async function runThere(
  machine: Machine,
  script: string,
  args: readonly string[],
  { input, limitMs, signal }: ThereOptions,
): Promise<Buffer> {
  const child = await startThere(machine, script, args);
  const limit = timeLimit(signal === undefined ? [] : [signal], limitMs);
  const out: Buffer[] = [];
  let size = 0;
  let complaint = "";
  child.stdout.on("data", (chunk: Buffer) => {
    if (size === 0 && input !== undefined) child.stdin.end(Buffer.concat([Buffer.from("\n"), input]));
    size += chunk.length;
    if (size <= MOST_OUTPUT) out.push(chunk);
    else child.kill();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    complaint = (complaint + chunk.toString()).slice(-4_000);
  });
  const onAbort = () => child.kill();
  limit.signal.addEventListener("abort", onAbort);
  if (limit.signal.aborted) onAbort();
  if (input === undefined) child.stdin.end();
  const unreachable = (why: string) => new Unreachable(machine, why, size === 0);
  try {
    const [code] = await once(child, "close");
    signal?.throwIfAborted();
    const words = oneLine(complaint.trim(), 300);
    if (size > MOST_OUTPUT) throw new FailedThere(machine, `the result is larger than ${MOST_OUTPUT} bytes`);
    if (limit.expired()) throw unreachable(`no answer within ${limitMs / 1000} s`);
    // What ssh itself fails with.
    if (code === 255 || code === null) throw unreachable(words === "" ? "ssh was killed" : words);
    if (code !== 0) throw new FailedThere(machine, words === "" ? `exit ${code}` : words);
    return Buffer.concat(out);
  } catch (error) {
    if (error instanceof AskCodexError || signal?.aborted) throw error;
    throw unreachable(messageOf(error));
  } finally {
    limit.clear();
    limit.signal.removeEventListener("abort", onAbort);
  }
}
