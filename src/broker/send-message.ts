import { createHash } from "node:crypto";
import { basename } from "node:path";
import { UsageError } from "../errors.ts";
import { newId } from "../files/state-paths.ts";
import { settledMessages } from "./inspect-session.ts";
import { launchWorker, type WorkerProgram } from "./launch-worker.ts";
import { countQueue, enqueue, isQueued, type Message } from "./message.ts";
import { type Delivery, deliveries } from "./protocol.ts";
import { requireFreeTree } from "./require-free-tree.ts";
import type { MessageOptions } from "./session-options.ts";
import { type SessionPaths, sessionPaths } from "./session-paths.ts";
import { connectWorker, WorkerGone } from "./socket-client.ts";

export interface Sending {
  readonly text: string;
  readonly mode: Message["mode"];
  /** The same key again is the same message, and is not run again. */
  readonly key: string | null;
  readonly options: MessageOptions;
}

export interface Sent extends Delivery {
  readonly messageId: string;
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
  const messageId = key === null ? newId() : idOfKey(key);
  if (key !== null && (await isKnown(paths, messageId)))
    return { messageId, delivered: "duplicate", pending_count: await countQueue(paths.queue) };
  await requireFreeTree(folder, state);
  const worker = await connectWorker(folder);
  try {
    if (worker === null && mode === "steer")
      throw new UsageError(
        `Nothing runs in session ${basename(folder)} that could be steered.`,
        "Send it without --steer.",
      );
    await enqueue(paths.queue, { message_id: messageId, message: text, mode, key, options });
    if (worker !== null) {
      const delivery = await worker.call({ type: "deliver", message_id: messageId }, deliveries).catch(toNobody);
      if (delivery !== null) return { messageId, ...delivery };
    }
  } finally {
    worker?.close();
  }
  await launchWorker(folder, program);
  return { messageId, delivered: "queued", pending_count: await countQueue(paths.queue) };
}

/** It left in this very moment; the message is on the disk, and the next worker finds it. */
function toNobody(error: unknown): null {
  if (error instanceof WorkerGone && !error.silent) return null;
  throw error;
}

/** Its place in the queue or in the journal is found by the id alone. */
function idOfKey(key: string): string {
  return `key-${createHash("sha256").update(key).digest("hex").slice(0, 32)}`;
}

async function isKnown(paths: SessionPaths, messageId: string): Promise<boolean> {
  return (await isQueued(paths.queue, messageId)) || settledMessages(paths).has(messageId);
}
