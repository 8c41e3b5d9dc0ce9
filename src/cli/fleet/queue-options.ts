import type { Command, OptionValues } from "@commander-js/extra-typings";
import { UsageError } from "../../errors.ts";
import { connectRedis } from "../../fleet/engine/redis.ts";
import { readQueueKey } from "../../fleet/seal/queue-key.ts";
import { queuePassword } from "../edge/environment.ts";

/** What leads to a queue. */
export interface QueueFlags {
  readonly queue?: string | undefined;
  readonly queueKey?: string | undefined;
}

export function addQueueOptions<A extends unknown[], O extends OptionValues>(command: Command<A, O>) {
  return command
    .option("--queue <url>", "the queue's Redis or Valkey: redis://HOST[:PORT], or rediss:// for TLS")
    .option("--queue-key <file>", "the key that seals what is on it (ask-codex worker --new-key FILE)");
}

/** The key, and a connection that whoever calls this closes. A password in the environment wins over one in the address. */
export async function openQueue({ queue, queueKey }: QueueFlags) {
  if (queue === undefined) throw new UsageError("--queue is missing.", "Name the queue: --queue redis://HOST:PORT");
  if (queueKey === undefined)
    throw new UsageError("--queue-key is missing.", "Make a key with `ask-codex worker --new-key FILE`.");
  const key = readQueueKey(queueKey);
  return { key, redis: await connectRedis({ url: queue, password: queuePassword() }) };
}
