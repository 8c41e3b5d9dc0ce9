import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { inBatches } from "../bounds/in-batches.ts";
import { monotonicMs } from "../bounds/monotonic.ts";
import { isErrno } from "../errors.ts";
import { signalProcess } from "./signal-group.ts";
import { findProcess, isAlive, type ProcessEntry, readProcessTable } from "./table.ts";

// Long enough for a shell to pass SIGTERM on and leave; the caller's own grace is 1.5 s in all.
const TERM_GRACE_MS = 150;
const KILL_GRACE_MS = 300;
const POLL_MS = 5;

/** The processes that descend from `root` by parentage, `root` left out. */
export async function descendantsOf(root: number): Promise<readonly ProcessEntry[]> {
  const table = await readProcessTable();
  const found = new Map<number, ProcessEntry>();
  const queue = [root];
  for (let parent = queue.pop(); parent !== undefined; parent = queue.pop()) {
    for (const entry of table) {
      if (entry.parent !== parent || found.has(entry.pid)) continue;
      found.set(entry.pid, entry);
      queue.push(entry.pid);
    }
  }
  return [...found.values()].filter((entry) => !entry.zombie);
}

/**
 * The processes that carry `NAME=value` in their environment. It finds what has left its parent and its group
 * (`setsid`, a double fork). Linux only: elsewhere another process's environment cannot be read, and none is found.
 */
export async function processesMarked(name: string, value: string): Promise<readonly ProcessEntry[]> {
  if (process.platform !== "linux") return [];
  const marker = Buffer.from(`${name}=${value}\0`);
  const pids = readdirSync("/proc").flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));
  const marked = pids.filter((pid) => pid !== process.pid && hasMarker(pid, marker));
  const entries = await inBatches(marked, findProcess);
  return entries.filter((entry) => entry !== undefined && !entry.zombie) as ProcessEntry[];
}

function hasMarker(pid: number, marker: Buffer): boolean {
  try {
    // As bytes: every ending reads the environment of every process.
    const environment = readFileSync(`/proc/${pid}/environ`);
    for (let at = environment.indexOf(marker); at >= 0; at = environment.indexOf(marker, at + 1))
      if (at === 0 || environment[at - 1] === 0) return true;
    return false;
  } catch (error) {
    // Gone in between, or another user's.
    if (isErrno(error, "ENOENT", "ESRCH", "EACCES", "EPERM")) return false;
    throw error;
  }
}

export interface EndOptions {
  /** No process is asked, or waited for. */
  readonly urgent?: boolean;
}

/**
 * Ends these very processes: SIGTERM (left out when it is urgent), then SIGKILL, then a look. Resolves with those that are
 * still there.
 */
export async function endProcesses(
  processes: readonly ProcessEntry[],
  { urgent = false }: EndOptions = {},
): Promise<readonly ProcessEntry[]> {
  let left = await stillAlive(processes);
  if (left.length > 0 && !urgent) left = await signalAndWait(left, "SIGTERM", TERM_GRACE_MS);
  if (left.length === 0) return left;
  return signalAndWait(left, "SIGKILL", KILL_GRACE_MS);
}

/** Waits until these very processes are gone by themselves, but no longer than `ms`. Resolves with those that are still there. */
export async function gonePolitely(processes: readonly ProcessEntry[], ms: number): Promise<readonly ProcessEntry[]> {
  const deadline = monotonicMs() + ms;
  let left = await stillAlive(processes);
  while (left.length > 0 && monotonicMs() < deadline) {
    await sleep(POLL_MS);
    left = await stillAlive(left);
  }
  return left;
}

async function signalAndWait(processes: readonly ProcessEntry[], signal: NodeJS.Signals, graceMs: number) {
  for (const entry of processes) signalProcess(entry.pid, signal);
  return gonePolitely(processes, graceMs);
}

async function stillAlive(processes: readonly ProcessEntry[]): Promise<readonly ProcessEntry[]> {
  const alive = await inBatches(processes, isAlive);
  return processes.filter((_, index) => alive[index]);
}
