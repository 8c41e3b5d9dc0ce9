import { setTimeout as sleep } from "node:timers/promises";
import { monotonicMs } from "../../bounds/monotonic.ts";
import { AskCodexError } from "../../errors.ts";
import { connectWorker, WorkerGone } from "../socket/client.ts";
import { type Live, sessionStatus } from "../socket/protocol.ts";
import { countQueue } from "../store/queue.ts";
import { type SessionPaths, sessionPaths } from "../store/session-paths.ts";
import { readStateFile, type StateFile } from "../store/state-file.ts";
import { statusNow } from "../store/status-now.ts";

/** A session as it is right now. */
export interface Inspected {
  readonly state: StateFile;
  /** `silent`: a process holds the session and does not answer. */
  readonly worker: "alive" | "silent" | "none";
  /** What a living worker is at. */
  readonly live: Live | null;
  /** The worker had died in the middle; the record is repaired now. */
  readonly recovered: boolean;
}

/**
 * Looks at a session: asks its worker, and where there is none reads what it left. A dead worker under a record that says otherwise is
 * found here, and the record repaired; nothing is lost, and nothing runs on by itself.
 * @throws AskCodexError when the record is damaged: it is named and kept
 */
export async function inspectSession(folder: string): Promise<Inspected> {
  const paths = sessionPaths(folder);
  const deadline = monotonicMs() + HANDOVER_LIMIT_MS;
  for (;;) {
    const told = await askWorker(folder, paths);
    if (told !== null) return told;
    const before = await stateOf(paths);
    const rest = { live: null, recovered: false } as const;
    if (before.worker_pid === null && before.run_id === null) return { ...rest, state: before, worker: "none" };
    const { repair } = await import("./repair-session.ts");
    const found = await repair(paths);
    if (found !== "busy")
      return { ...rest, state: await stateOf(paths), worker: "none", recovered: found === "repaired" };
    // Its worker is on its way out, and the record is at rest. One that says `running` is about to be put in order.
    if (before.run_id === null) return { ...rest, state: before, worker: "none" };
    if (monotonicMs() > deadline) return { ...rest, state: before, worker: "silent" };
    await sleep(HANDOVER_POLL_MS);
  }
}

// From the hold of a new worker to its socket: milliseconds, and many times that where fifty start at once.
const HANDOVER_LIMIT_MS = 10_000;
const HANDOVER_POLL_MS = 10;

/** What a living worker says; null when there is none. */
async function askWorker(folder: string, paths: SessionPaths): Promise<Inspected | null> {
  const worker = await connectWorker(folder);
  if (worker === null) return null;
  try {
    const { state, live } = await worker.call({ type: "status" }, sessionStatus);
    return { state, live, worker: "alive", recovered: false };
  } catch (error) {
    if (!(error instanceof WorkerGone)) throw error;
    return error.silent ? { state: await stateOf(paths), live: null, worker: "silent", recovered: false } : null;
  } finally {
    worker.close();
  }
}

/**
 * What the session's files say, without asking its worker; the queue is counted anew.
 * @throws AskCodexError when the state file is damaged
 */
export async function stateOf(paths: SessionPaths): Promise<StateFile> {
  const pending = countQueue(paths.queue);
  const file = await readStateFile(paths.state);
  switch (file.type) {
    case "corrupt": {
      const hint = "Move it away: the next command makes it anew from events.jsonl.";
      throw new AskCodexError("internal", `the session's state cannot be read (${file.reason}): ${paths.state}`, {
        hint,
      });
    }
    case "absent": {
      const { withSession } = await import("./repair-session.ts");
      await withSession(paths, (log) => log.publish());
      const made = await readStateFile(paths.state);
      if (made.type === "valid") return made.value;
      throw new AskCodexError("internal", `the session has no state: ${paths.state}`);
    }
    case "valid":
      return { ...file.value, pending_count: pending, status: statusNow(file.value, pending) };
  }
}
