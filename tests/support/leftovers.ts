import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { isErrno } from "../../src/errors.ts";

export interface Leftover {
  readonly pid: number;
  readonly command: string;
}

/** Either is proof enough: a variable in the environment, or a folder in the environment or as the working directory. */
export interface Traces {
  readonly variable: string;
  readonly folder: string;
  /** The children of this process are somebody else's. */
  readonly butChildrenOf?: number;
}

/**
 * The living processes that bear a trace of a test. Linux only: elsewhere the environment of another process cannot be read.
 * (Written apart from src/process, which it is there to check.)
 */
export async function processesWith(traces: Traces): Promise<readonly Leftover[]> {
  if (process.platform !== "linux") return [];
  const pids = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
  // One after the other: a look of this kind costs a fifth of what it does by promises, and tests look very often.
  return pids.map((pid) => inspect(pid, traces)).filter((leftover) => leftover !== undefined);
}

/** The same, once it is true that there are none, or when `graceMs` are over: the kernel takes a moment to end a process. */
export async function processesStillWith(traces: Traces, graceMs: number): Promise<readonly Leftover[]> {
  const deadline = performance.now() + graceMs;
  let left = await processesWith(traces);
  while (left.length > 0 && performance.now() < deadline) {
    await sleep(10);
    left = await processesWith(traces);
  }
  return left;
}

/** Ends what was left over, so that one failing test does not spoil the next. */
export function endLeftovers(leftovers: readonly Leftover[]): void {
  for (const { pid } of leftovers) {
    try {
      process.kill(pid, "SIGKILL");
    } catch (error) {
      if (!isErrno(error, "ESRCH")) throw error;
    }
  }
}

export function describeLeftovers(leftovers: readonly Leftover[]): string {
  return leftovers.map(({ pid, command }) => `  ${pid} ${command.slice(0, 200)}`).join("\n");
}

function inspect(pid: number, { variable, folder, butChildrenOf }: Traces): Leftover | undefined {
  try {
    const environment = readFileSync(`/proc/${pid}/environ`, "utf8");
    const bears = environment.split("\0").includes(variable) || environment.includes(folder);
    if (!bears && !readlinkSync(`/proc/${pid}/cwd`).startsWith(folder)) return undefined;
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const [state, parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (pid === process.pid || Number(parent) === butChildrenOf || state === "Z" || state === "X") return undefined;
    const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim();
    return { pid, command };
  } catch (error) {
    // Gone in between, or another user's.
    if (isErrno(error, "ENOENT", "ESRCH", "EACCES", "EPERM")) return undefined;
    throw error;
  }
}
