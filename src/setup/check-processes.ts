import { existsSync } from "node:fs";
import { join } from "node:path";
import { endProcesses } from "../process/end-processes.ts";
import { isProgramOfOurs, type OurProcess, ourProcesses, sessionServed } from "../process/our-processes.ts";
import { oneLine } from "../text/defuse.ts";
import { type Check, fail, ok, warn } from "./check.ts";

/** Processes of ours that no one will end any more: workers without a session, and what a run has left that is over. */
export async function checkProcesses(state: string, sessions: string, fix: boolean): Promise<Check> {
  const left = leftOver(await ourProcesses(), state, sessions);
  const own = `${left.length} left over: ${left.map(describe).join(", ")}`;
  if (left.length === 0) return ok("processes", "none of ours is left over");
  if (!fix) return warn("processes", own, "End them: doctor --fix");
  const survivors = await endProcesses(left.map(({ entry }) => entry));
  if (survivors.length > 0)
    return fail(
      "processes",
      `cannot be ended: ${survivors.map(({ pid }) => pid).join(", ")}`,
      "Ask the administrator.",
    );
  return { ...ok("processes", "none of ours is left over"), fixed: `ended ${left.map(describe).join(", ")}` };
}

/**
 * Only what belongs to this state folder: beside another one someone else may be at work. A run is alive as long as one of its
 * processes hangs on a command or a worker of ours; what it has sent into the background is its own until then.
 */
export function leftOver(all: readonly OurProcess[], state: string, sessions: string): readonly OurProcess[] {
  const ours = all.filter((one) => one.state === state);
  const owners = new Set(all.filter(({ words }) => isProgramOfOurs(words)).map(({ entry }) => entry.pid));
  const parents = new Map(all.map(({ entry }) => [entry.pid, entry.parent]));
  const living = new Set(all.filter(({ entry }) => hangsOn(entry.parent, owners, parents)).map(({ run }) => run));
  // The doctor itself may be called from inside a run.
  for (const { entry, run } of all) if (entry.pid === process.pid) living.add(run);
  const orphans = ours.filter(({ run, words }) => run !== null && !living.has(run) && !isProgramOfOurs(words));
  const workers = all.filter(({ words }) => isLostWorker(words, sessions));
  return [...new Set([...orphans, ...workers])];
}

function hangsOn(pid: number, owners: ReadonlySet<number>, parents: ReadonlyMap<number, number>): boolean {
  const seen = new Set<number>();
  for (let at: number | undefined = pid; at !== undefined && !seen.has(at); at = parents.get(at)) {
    if (owners.has(at)) return true;
    seen.add(at);
  }
  return false;
}

function isLostWorker(words: readonly string[], sessions: string): boolean {
  const folder = sessionServed(words);
  return folder?.startsWith(join(sessions, "/")) === true && !existsSync(folder);
}

function describe({ entry, command }: OurProcess): string {
  return `${entry.pid} (${oneLine(command, 60)})`;
}
