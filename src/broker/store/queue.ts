import { readdirSync } from "node:fs";
import { isErrno } from "../../errors.ts";

/** How many messages are on the disk. */
export function countQueue(queue: string): number {
  return messageFiles(queue).length;
}

/** True when a message of this id waits. */
export function isQueued(queue: string, messageId: string): boolean {
  return messageFiles(queue).some((name) => name.endsWith(`-${messageId}.json`));
}

/** The ids of the messages that wait. */
export function queuedIds(queue: string): readonly string[] {
  return messageFiles(queue).map((name) => name.replace(/^\d{15}-\d+-/, "").replace(/\.json$/, ""));
}

/** Their names, in the order of the queue. */
export function messageFiles(queue: string): readonly string[] {
  try {
    return readdirSync(queue)
      .filter((name) => /^\d{15}-.*\.json$/.test(name))
      .sort();
  } catch (error) {
    if (isErrno(error, "ENOENT")) return [];
    throw error;
  }
}
