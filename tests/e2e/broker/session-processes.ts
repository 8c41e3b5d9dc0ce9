import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { isErrno } from "../../../src/errors.ts";
import { findProcess } from "../../../src/process/table.ts";
import type { Broker } from "../../support/broker.ts";
import { until } from "../../support/until.ts";

/** The worker of a session that has one. */
export async function workerOf(broker: Broker, id: string): Promise<number> {
  return (await holderOf(broker, id)) ?? fail(`session ${id} has no worker`);
}

/** The app-server of a session whose worker has one, or is about to. */
export async function codexOf(broker: Broker, id: string): Promise<number> {
  return until(async () => (await serverOf(broker, id)) ?? undefined);
}

/** The process that holds a session: its worker, or for a moment a command that repairs it. */
export async function holderOf(broker: Broker, id: string): Promise<number | null> {
  const hold = await readFile(join(broker.folder(id), "worker.hold"), "utf8").catch(() => "");
  if (hold === "") return null;
  const { pid, startedAt } = JSON.parse(hold) as { pid: number; startedAt: string };
  // A dead one's number may be anybody's by now.
  return (await findProcess(pid))?.startedAt === startedAt ? pid : null;
}

/** The app-server of a session's worker; null when there is none. */
export async function serverOf(broker: Broker, id: string): Promise<number | null> {
  const worker = await holderOf(broker, id);
  if (worker === null) return null;
  for (const pid of await childrenOf(worker)) if (/\bapp-server\b/.test(await commandOf(pid))) return pid;
  return null;
}

/** Every process that descends from one, by parentage. */
export async function treeOf(root: number): Promise<readonly number[]> {
  const children = await childrenOf(root);
  return [...children, ...(await Promise.all(children.map(treeOf))).flat()];
}

/** Signals a process; false when there is none. */
export function signal(pid: number, name: NodeJS.Signals): boolean {
  // Zero would be our own group.
  if (!(pid > 0)) throw new Error(`no process: ${pid}`);
  return send(pid, name);
}

/** Signals a process and its group. */
export function signalGroup(leader: number, name: NodeJS.Signals): boolean {
  if (!(leader > 1)) throw new Error(`no group: ${leader}`);
  return send(-leader, name);
}

/** Kills a process and waits until it is gone. */
export async function kill(pid: number): Promise<void> {
  signal(pid, "SIGKILL");
  await untilEnded(pid);
}

function send(target: number, name: NodeJS.Signals): boolean {
  try {
    process.kill(target, name);
    return true;
  } catch (error) {
    if (isErrno(error, "ESRCH")) return false;
    throw error;
  }
}

/** A process has ended; who was its parent may not have noticed yet. */
export async function untilEnded(pid: number): Promise<void> {
  await until(async () => (["Z", "X", ""].includes(await stateOf(pid)) ? true : undefined));
}

async function stateOf(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, "latin1").catch(() => "");
  return stat === "" ? "" : (stat.slice(stat.lastIndexOf(")") + 2)[0] ?? "");
}

async function childrenOf(pid: number): Promise<readonly number[]> {
  const tasks = await readdir(`/proc/${pid}/task`).catch(() => []);
  const lists = await Promise.all(
    tasks.map((task) => readFile(`/proc/${pid}/task/${task}/children`, "utf8").catch(() => "")),
  );
  return lists.flatMap((list) => list.split(" ").filter(Boolean).map(Number));
}

async function commandOf(pid: number): Promise<string> {
  return (await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")).replaceAll("\0", " ");
}

function fail(message: string): never {
  throw new Error(message);
}
