import { Redis } from "ioredis";
import { AskCodexError, UsageError } from "../../errors.ts";

export interface RedisPlace {
  /** `redis://[user[:password]@]host[:port][/db]`, or `rediss://` for TLS. */
  readonly url: string;
  /** Instead of one in the address, which every user of this machine can read in the process table. */
  readonly password?: string | undefined;
}

/** How long a first connection may take, in milliseconds. */
const PATIENCE = 10_000;

/**
 * A connection that comes back by itself when the server does; commands wait for it meanwhile.
 * @throws UsageError for another kind of address; AskCodexError (queue) when the server cannot be reached or refuses us
 */
export async function connectRedis({ url, password }: RedisPlace): Promise<Redis> {
  const place = placeOf(url);
  const redis: Redis = new Redis(url, {
    ...(password === undefined ? {} : { password }),
    lazyConnect: true,
    connectTimeout: PATIENCE,
    // BullMQ asks for it: a command is kept until the server is back.
    maxRetriesPerRequest: null,
    retryStrategy: (times) => Math.min(100 * times, 2000),
  });
  // Each failure to reconnect is an event; who waits for a command learns of it by the time that it takes.
  redis.on("error", () => {});
  try {
    await firstAnswer(redis);
  } catch (cause) {
    leaveRedis(redis);
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AskCodexError("queue", `the queue at ${place} cannot be used: ${reason}`, { cause });
  }
  return redis;
}

/** Ends a connection, once: ioredis keeps a process for 2 s more where one that has ended is ended again. */
export function leaveRedis(redis: Redis): void {
  if (redis.status !== "end") redis.disconnect();
}

async function firstAnswer(redis: Redis): Promise<void> {
  const failed = new Promise<never>((_, reject) => redis.once("error", reject));
  await Promise.race([redis.connect().then(() => redis.ping()), failed]);
}

/**
 * The address without a password, for messages.
 * @throws UsageError for another kind of address
 */
export function placeOf(url: string): string {
  if (!URL.canParse(url) || !/^rediss?:$/.test(new URL(url).protocol))
    throw new UsageError("The queue's address must be redis://HOST[:PORT] or rediss://HOST[:PORT].");
  const { protocol, hostname, port } = new URL(url);
  return `${protocol}//${hostname}:${port || "6379"}`;
}
