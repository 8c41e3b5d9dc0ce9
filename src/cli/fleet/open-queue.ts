import { UsageError } from "../../errors.ts";
import { connectRedis, leaveRedis, placeOf } from "../../fleet/engine/redis.ts";
import { readQueueKey } from "../../fleet/seal/queue-key.ts";
import { queuePassword } from "../edge/environment.ts";
import type { QueueFlags } from "./queue-options.ts";

type BatchQueueFlags = QueueFlags & {
  readonly copy: readonly string[];
  readonly worktree?: string | undefined;
  readonly perMinute?: number | undefined;
};

/**
 * Looks at what a batch says about a queue, before it begins.
 * @throws UsageError with what is missing or cannot be
 */
export function requireQueueFlags(flags: BatchQueueFlags): void {
  refuseCopies(flags.copy);
  if (flags.worktree === "never")
    throw new UsageError(
      "--worktree never is for this machine: a worker has no part of your work tree.",
      "Leave it out.",
    );
  if (flags.perMinute === 0) throw new UsageError("--per-minute takes 1 or more.");
  placeOf(readFlags(flags).queue);
}

/** Copies that the configuration or an earlier batch name are refused as well. */
export function refuseCopies(copies: readonly string[]): void {
  if (copies.length > 0)
    throw new UsageError("--copy is for this machine: ignored files do not travel to workers.", "Use --setup instead.");
}

export type OpenQueue = Awaited<ReturnType<typeof openQueue>>;

/** The key, and a connection that whoever calls this closes; to do so again does nothing. A password in the environment wins over one in the address. */
export async function openQueue(flags: QueueFlags) {
  const { queue, key } = readFlags(flags);
  const redis = await connectRedis({ url: queue, password: queuePassword() });
  return { key, redis, close: () => leaveRedis(redis) };
}

function readFlags({ queue, queueKey }: QueueFlags) {
  if (queue === undefined) throw new UsageError("--queue is missing.", "Name the queue: --queue redis://HOST:PORT");
  if (queueKey === undefined)
    throw new UsageError("--queue-key is missing.", "Make a key with `ask-codex worker --new-key FILE`.");
  return { queue, key: readQueueKey(queueKey) };
}
