import type { Redis } from "ioredis";
import type { QueueKey } from "../seal/queue-key.ts";
import type { Shelf } from "./engine.ts";
import { KEPT } from "./kept.ts";
import { queueNames } from "./names.ts";

/** Redis takes values up to 512 MB, and serves no one else while it moves one: a part is this large at most. */
const PART = 4 * 1024 * 1024;

/** Larger things, kept in a list of parts each. The caller closes `redis`. */
export function shelfOn({ redis, key }: { readonly redis: Redis; readonly key: QueueKey }): Shelf {
  const names = queueNames(key);
  return {
    async put(batch, name, bytes) {
      const place = names.shelf(batch, name);
      const fresh = `${place}:new`;
      await redis.del(fresh);
      for (let from = 0; from === 0 || from < bytes.length; from += PART)
        await redis
          .multi()
          .rpush(fresh, bytes.subarray(from, from + PART))
          .expire(fresh, KEPT)
          .exec();
      // Whole or not at all: a reader sees the old one or the new one.
      await redis.multi().rename(fresh, place).expire(place, KEPT).exec();
    },
    async get(batch, name) {
      const parts = await redis.lrangeBuffer(names.shelf(batch, name), 0, -1);
      return parts.length === 0 ? null : Buffer.concat(parts);
    },
    async append(batch, name, bytes) {
      const place = names.shelf(batch, name);
      await redis.multi().rpush(place, bytes).expire(place, KEPT).exec();
    },
    async list(batch, name) {
      return redis.lrangeBuffer(names.shelf(batch, name), 0, -1);
    },
    async drop(batch, name) {
      await redis.del(names.shelf(batch, name));
    },
    async clear(batch) {
      const pattern = names.shelf(batch, "*");
      for await (const found of redis.scanStream({ match: pattern, count: 500 }) as AsyncIterable<string[]>)
        if (found.length > 0) await redis.del(found);
    },
  };
}
