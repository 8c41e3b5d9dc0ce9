import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { monotonicMs } from "../../bounds/monotonic.ts";
import { AskCodexError, isErrno } from "../../errors.ts";
import { writeWhole } from "../../files/write-whole.ts";
import { descendantsOf, endProcesses, gonePolitely, processesMarked } from "../../process/end-processes.ts";
import { type Holder, holderOf } from "../../process/hold.ts";
import { isElsewhere, isRecordedAlive } from "../../process/liveness.ts";
import { ourProcesses, sessionServed } from "../../process/our-processes.ts";
import { RUN_MARKER } from "../../process/run-marker.ts";
import { findProcess, type ProcessEntry } from "../../process/table.ts";
import { WorkerGone } from "../socket/client.ts";
import { done } from "../socket/protocol.ts";
import { sayWord } from "../socket/say-word.ts";
import { SOCKET, sessionPaths } from "../store/session-paths.ts";
import { inspectSession } from "./inspect-session.ts";
import { recover } from "./recover.ts";
import { withSession } from "./repair-session.ts";

export interface Stopped {
  /** The worker and its Codex were running, and are gone. */
  readonly ended: boolean;
  readonly survivors: readonly number[];
}

// A worker writes its report, ends Codex and leaves within this; after that it is ended.
const LEAVE_LIMIT_MS = 8_000;
const LEAVE_POLL_MS = 10;
// From taking the session to its socket: 0.05 s, and many times that on a machine that is busy.
const LISTEN_LIMIT_MS = 2_000;

/** Ends a session's turn, its worker and its Codex, and looks that they are gone. What waits in the queue stays there. */
export async function stopSession(folder: string): Promise<Stopped> {
  const paths = sessionPaths(folder);
  let ended = false;
  do {
    const holder = await holderOf(paths.hold);
    if (holder === null) continue;
    const told = !isWorker(holder) || (await tellToStop(folder, holder));
    if (!told || !(await hasLeft(paths.hold, holder))) await endHolder(folder, holder);
    ended ||= isWorker(holder);
    // A worker that was on its way has come up meanwhile.
  } while (!(await isStopped(folder)));
  await noneComes(folder);
  // A message that came meanwhile may have brought up another one: that is not ours to end.
  if ((await holderOf(paths.hold)) !== null) return { ended, survivors: [] };
  const left = await endProcesses(await processesMarked(RUN_MARKER, basename(folder)));
  await rm(join(folder, SOCKET), { force: true });
  return { ended, survivors: left.map(({ pid }) => pid) };
}

/** A holder without a session is a command that repairs it: short-lived, and not ours to end. */
function isWorker({ session }: Holder): boolean {
  return session !== undefined;
}

/** A worker that was launched and has not taken the session yet finds the stop when it does, and leaves. A message takes the stop back. */
async function noneComes(folder: string): Promise<void> {
  const { stop } = sessionPaths(folder);
  const deadline = monotonicMs() + LEAVE_LIMIT_MS;
  const all = await ourProcesses();
  const served = all.filter(({ words }) => sessionServed(words) === folder);
  let coming: readonly ProcessEntry[] = served.map(({ entry }) => entry);
  while (coming.length > 0 && existsSync(stop) && monotonicMs() < deadline)
    coming = await gonePolitely(coming, LEAVE_POLL_MS);
  if (existsSync(stop)) await endProcesses(coming);
}

/** A worker that has just begun does not listen yet. False: it was given its time, and does not answer. */
async function tellToStop(folder: string, holder: Holder): Promise<boolean> {
  const deadline = monotonicMs() + LISTEN_LIMIT_MS;
  while (monotonicMs() < deadline && (await isRecordedAlive(holder, Date.now()))) {
    try {
      await sayWord(folder, { type: "stop" }, done);
      return true;
    } catch (error) {
      // A disk that is full takes no word, and an older worker does not understand it.
      if (!(error instanceof WorkerGone)) return signalled(holder);
      if (error.silent) return false;
    }
    await sleep(LEAVE_POLL_MS);
  }
  return true;
}

/** True: a worker takes SIGTERM for a stop. In another namespace the number is another process's. */
function signalled(holder: Holder): true {
  if (isElsewhere(holder)) return true;
  try {
    process.kill(holder.pid, "SIGTERM");
  } catch (error) {
    if (!isErrno(error, "ESRCH")) throw error;
  }
  return true;
}

async function hasLeft(hold: string, holder: Holder): Promise<boolean> {
  const deadline = monotonicMs() + LEAVE_LIMIT_MS;
  const isThere = async () =>
    isWorker(holder) ? isRecordedAlive(holder, Date.now()) : (await holderOf(hold))?.startedAt === holder.startedAt;
  while (await isThere()) {
    if (monotonicMs() > deadline) return false;
    await sleep(LEAVE_POLL_MS);
  }
  return true;
}

/** The process, what descends from it and what it has left behind: it has not ended that itself. */
async function endHolder(folder: string, recorded: Holder): Promise<void> {
  const { pid } = recorded;
  if (isElsewhere(recorded)) {
    const message = `the session's worker is process ${pid} of another container, and does not stop`;
    throw new AskCodexError("session_busy", message, { hint: "Stop it there, or end that container." });
  }
  const holder = await findProcess(pid);
  const processes: readonly ProcessEntry[] = holder === undefined ? [] : [holder, ...(await descendantsOf(pid))];
  await endProcesses(processes);
  await endProcesses(await processesMarked(RUN_MARKER, basename(folder)));
}

/** Notes it, as a worker does that is stopped; false when one serves the session after all. */
async function isStopped(folder: string): Promise<boolean> {
  const { state } = await inspectSession(folder);
  if (state.status === "stopped") return true;
  const paths = sessionPaths(folder);
  return withSession(paths, async (log) => {
    await recover(log, paths);
    log.record("stop_requested", {});
    log.say("Stop requested");
    await writeWhole(paths.stop, "");
    await log.publish();
  });
}
