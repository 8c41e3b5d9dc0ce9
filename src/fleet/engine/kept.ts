import type { QueueBase } from "bullmq";
import type { Redis } from "ioredis";

/** How long what a batch has on a server stays without being renewed, in seconds: what no process goes on with is gone in the end. */
export const KEPT = 14 * 24 * 3600;

// What BullMQ keeps of a queue. Its locks, and the marks of its limits and looks, have an end of their own.
const KEYS = [
  "id",
  "meta",
  "wait",
  "active",
  "prioritized",
  "pc",
  "completed",
  "failed",
  "stalled",
  "marker",
  "events",
];

/** Renews the end of all that is kept of a queue, and of one attempt on it. */
export async function keep(redis: Redis, queue: QueueBase, attempt: string): Promise<void> {
  const renewing = redis.pipeline();
  for (const name of [...KEYS, attempt]) renewing.expire(queue.toKey(name), KEPT);
  await renewing.exec();
}
