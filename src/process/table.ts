import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { promisify } from "node:util";
import { isErrno } from "../errors.ts";

/** One process. `startedAt` distinguishes it from a later one with the same pid. */
export interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  /** Clock ticks since boot on Linux, a date on macOS: only ever compared for equality. */
  readonly startedAt: string;
  readonly zombie: boolean;
}

/** Every process of the machine. Linux reads /proc, macOS asks ps. */
export async function readProcessTable(): Promise<readonly ProcessEntry[]> {
  if (process.platform !== "linux") return parsePs(await runPs(["-axo", PS_COLUMNS]));
  // Synchronously: 20 µs a process, where the thread pool takes four times that, and every ending waits for it.
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.flatMap((pid) => readStat(Number(pid)) ?? []);
}

/** One process by pid, or undefined when there is none. */
export async function findProcess(pid: number): Promise<ProcessEntry | undefined> {
  if (process.platform === "linux") return readStat(pid);
  return parsePs(await runPs(["-o", PS_COLUMNS, "-p", String(pid)]))[0];
}

/** True while the very process that was recorded still runs; a zombie or a reused pid does not count. */
export async function isAlive(recorded: Pick<ProcessEntry, "pid" | "startedAt">): Promise<boolean> {
  const found = await findProcess(recorded.pid);
  return found !== undefined && !found.zombie && found.startedAt === recorded.startedAt;
}

function readStat(pid: number): ProcessEntry | undefined {
  try {
    return parseStat(pid, readFileSync(`/proc/${pid}/stat`, "latin1"));
  } catch (error) {
    // Gone in between, or hidden from us (`hidepid`): another user's, so not ours.
    if (isErrno(error, "ENOENT", "ESRCH", "EACCES", "EPERM")) return undefined;
    throw error;
  }
}

/** The command name stands in parentheses and may itself hold spaces and parentheses: count from the last one. */
function parseStat(pid: number, stat: string): ProcessEntry {
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return {
    pid,
    parent: Number(fields[1]),
    group: Number(fields[2]),
    startedAt: fields[19] ?? "",
    zombie: fields[0] === "Z" || fields[0] === "X",
  };
}

const PS_COLUMNS = "pid=,ppid=,pgid=,state=,lstart=";

// The start date depends on it; the same process must look the same to all of ours.
const PS_ENVIRONMENT = { PATH: "/bin:/usr/bin", TZ: "UTC", LC_ALL: "C" };

async function runPs(args: readonly string[]): Promise<string> {
  try {
    // A table of thousands of processes passes Node's default of 1 MB.
    // Plain execFile: a program that needs no group, no stdin and no limit is not worth loading execa for.
    return (await promisify(execFile)("ps", args, { maxBuffer: 64 * 1024 * 1024, env: PS_ENVIRONMENT })).stdout;
  } catch (error) {
    // ps exits 1 when the pid it was asked for does not exist.
    if (error instanceof Error && "stdout" in error && "code" in error && error.code === 1) return String(error.stdout);
    throw error;
  }
}

function parsePs(output: string): ProcessEntry[] {
  return output.split("\n").flatMap((line) => {
    const match = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(.+)$/.exec(line);
    if (!match) return [];
    const [, pid, parent, group, state = "", startedAt = ""] = match;
    const numbers = { pid: Number(pid), parent: Number(parent), group: Number(group) };
    return [{ ...numbers, startedAt: startedAt.trim(), zombie: state.startsWith("Z") }];
  });
}
