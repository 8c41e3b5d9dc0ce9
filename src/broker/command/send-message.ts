import { basename } from "node:path";
import { UsageError } from "../../errors.ts";
import { newId } from "../../files/state-paths.ts";
import { connectWorker, type WorkerConnection, WorkerGone } from "../socket/client.ts";
import { type Delivery, deliveries } from "../socket/protocol.ts";
import { enqueue } from "../store/enqueue.ts";
import type { Message } from "../store/message.ts";
import type { MessageOptions } from "../store/message-options.ts";
import { countQueue, isQueued } from "../store/queue.ts";
import { type SessionPaths, sessionPaths } from "../store/session-paths.ts";
import type { StateFile } from "../store/state-file.ts";
import { stateOf } from "./inspect-session.ts";
import { launchWorker, type WorkerProgram } from "./launch-worker.ts";
import { requireFreeTree } from "./require-free-tree.ts";

export interface Sending {
  readonly text: string;
  readonly mode: Message["mode"];
  /** The same key again is the same message, and is not run again. */
  readonly key: string | null;
  readonly options: MessageOptions;
}

export interface Sent extends Delivery {
  readonly messageId: string;
  /** A dead worker was found, and the record repaired. */
  readonly recovered: boolean;
}

/**
 * Gives a session a message: onto the disk first, then to its worker, or to one that is launched for it.
 * @throws UsageError for a steer on a session that nothing runs in
 * @throws AskCodexError `session_busy` when another session writes in the same work tree
 */
export async function sendMessage(
  folder: string,
  sending: Sending,
  program: WorkerProgram,
  state: string,
): Promise<Sent> {
  const paths = sessionPaths(folder);
  const { text, mode, key, options } = sending;
  const messageId = key === null ? newId() : await idOfKey(key);
  if (key !== null && (await isKnown(paths, messageId)))
    return { messageId, delivered: "duplicate", pending_count: countQueue(paths.queue), recovered: false };
  await requireFreeTree(folder, state, options.sandboxMode);
  const worker = await connectWorker(folder);
  try {
    // A record that cannot be read is named before anything is accepted, and before a worker would write it anew.
    const before = worker === null ? await stateOf(paths) : null;
    // No worker could read the journal either: the message would never run.
    if (worker === null) (await import("../store/session-log.ts")).readSession(paths.events);
    // One whose worker is on its way has work: the message comes right after it.
    if (mode === "steer" && before !== null && before.status !== "queued")
      throw new UsageError(
        `Nothing runs in session ${basename(folder)} that could be steered.`,
        "Send it without --steer.",
      );
    const file = enqueue(paths.queue, { message_id: messageId, message: text, mode, key, options });
    return await bringOrWithdraw({ messageId, file }, { worker, before, paths, program });
  } finally {
    worker?.close();
  }
}

/** A message on the disk. */
interface Enqueued {
  readonly messageId: string;
  readonly file: string;
}

/** Brings a message to its session of which the worker has said nothing that was understood. */
export async function bringAnew(message: Enqueued, folder: string, program: WorkerProgram): Promise<Sent> {
  const paths = sessionPaths(folder);
  const worker = await connectWorker(folder);
  try {
    const before = worker === null ? await stateOf(paths) : null;
    return await bringOrWithdraw(message, { worker, before, paths, program });
  } finally {
    worker?.close();
  }
}

interface Ways {
  readonly worker: WorkerConnection | null;
  readonly before: StateFile | null;
  readonly paths: SessionPaths;
  readonly program: WorkerProgram;
}

async function bringOrWithdraw({ messageId, file }: Enqueued, ways: Ways): Promise<Sent> {
  try {
    return { messageId, ...(await bring(messageId, ways)) };
  } catch (error) {
    // A caller who learns that it failed sends it again: it must not run twice.
    if ((await import("../store/withdraw.ts")).withdraw(ways.paths, messageId, file)) throw error;
    return { messageId, ...queued(ways.paths) };
  }
}

/** Brings a message that is on the disk to the session's worker, or to one that is launched for it. */
async function bring(messageId: string, { worker, before, paths, program }: Ways): Promise<Omit<Sent, "messageId">> {
  if (worker !== null) {
    const delivery = await worker.call({ type: "deliver", message_id: messageId }, deliveries).catch(orGone);
    if (!(delivery instanceof WorkerGone)) return { ...delivery, recovered: false };
    // It is on the disk all the same, and a worker that is only stopped goes on with it.
    if (delivery.silent) return queued(paths);
  }
  let recovered = false;
  if (before === null || before.status === "stopped" || before.queue_held || before.worker_pid !== null)
    recovered = await (await import("./repair-session.ts")).releaseQueue(paths);
  await launchWorker(paths.folder, program, [messageId]);
  return queued(paths, { recovered });
}

function queued(paths: SessionPaths, { recovered = false } = {}): Omit<Sent, "messageId"> {
  return { delivered: "queued", pending_count: countQueue(paths.queue), recovered };
}

function orGone(error: unknown): WorkerGone {
  if (error instanceof WorkerGone) return error;
  throw error;
}

/** Its place in the queue or in the journal is found by the id alone. */
async function idOfKey(key: string): Promise<string> {
  const { createHash } = await import("node:crypto");
  return `key-${createHash("sha256").update(key).digest("hex").slice(0, 32)}`;
}

async function isKnown(paths: SessionPaths, messageId: string): Promise<boolean> {
  return (
    isQueued(paths.queue, messageId) ||
    (await import("../store/session-log.ts")).readSession(paths.events).settled.has(messageId)
  );
}
