import { readdir } from "node:fs/promises";
import { isErrno } from "../errors.ts";

/** How many messages are on the disk. */
export async function countQueue(queue: string): Promise<number> {
  return (await messageFiles(queue)).length;
}

/** True when a message of this id waits. */
export async function isQueued(queue: string, messageId: string): Promise<boolean> {
  return (await messageFiles(queue)).some((name) => name.endsWith(`-${messageId}.json`));
}

/** Their names, in the order of the queue. */
export async function messageFiles(queue: string): Promise<readonly string[]> {
  try {
    return (await readdir(queue)).filter((name) => /^\d{15}-.*\.json$/.test(name)).sort();
  } catch (error) {
    if (isErrno(error, "ENOENT")) return [];
    throw error;
  }
}
