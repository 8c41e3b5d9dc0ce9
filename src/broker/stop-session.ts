import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { RUN_MARKER } from "../codex/app-server.ts";
import { PRIVATE_FILE } from "../files/write-whole.ts";
import { descendantsOf, endProcesses, processesMarked } from "../process/end-processes.ts";
import { type Holder, holderOf } from "../process/hold.ts";
import { findProcess, isAlive, type ProcessEntry } from "../process/process-table.ts";
import { inspectSession } from "./inspect-session.ts";
import { done } from "./protocol.ts";
import { recover } from "./recover.ts";
import { withSession } from "./repair-session.ts";
import { SOCKET, sessionPaths } from "./session-paths.ts";
import { call, WorkerGone } from "./socket-client.ts";

export interface Stopped {
  /** The worker and its Codex were running, and are gone. */
  readonly ended: boolean;
  readonly survivors: readonly number[];
}

// A worker writes its report, ends Codex and leaves within this; after that it is ended.
const LEAVE_LIMIT_MS = 8_000;
const LEAVE_POLL_MS = 10;

/** Ends a session's turn, its worker and its Codex, and looks that they are gone. What waits in the queue stays there. */
export async function stopSession(folder: string): Promise<Stopped> {
  const paths = sessionPaths(folder);
  const holder = await holderOf(paths.hold);
  if (holder !== null) {
    await call(folder, { type: "stop" }, done).catch((error) => {
      if (!(error instanceof WorkerGone)) throw error;
    });
    if (!(await hasLeft(holder))) await endWorker(holder);
  }
  const { state } = await inspectSession(folder);
  const left = await endProcesses(await processesMarked(RUN_MARKER, state.broker_id));
  if (state.status !== "stopped") await markStopped(folder);
  await rm(join(folder, SOCKET), { force: true });
  return { ended: holder !== null, survivors: left.map(({ pid }) => pid) };
}

async function hasLeft(holder: Holder): Promise<boolean> {
  const deadline = performance.now() + LEAVE_LIMIT_MS;
  while (await isAlive(holder)) {
    if (performance.now() > deadline) return false;
    await sleep(LEAVE_POLL_MS);
  }
  return true;
}

/** The worker, and what descends from it: it has not ended that itself. */
async function endWorker(holder: Holder): Promise<void> {
  const worker = await findProcess(holder.pid);
  const processes: readonly ProcessEntry[] = worker === undefined ? [] : [worker, ...(await descendantsOf(holder.pid))];
  await endProcesses(processes);
}

/** What a worker does itself when it is stopped; here there was none. */
async function markStopped(folder: string): Promise<void> {
  const paths = sessionPaths(folder);
  await withSession(paths, async (log) => {
    await recover(log, paths);
    log.record("stop_requested", {});
    log.say("Stop requested");
    await writeFile(paths.stop, "", { mode: PRIVATE_FILE });
    await log.publish();
  });
}
