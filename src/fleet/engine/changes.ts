import type { Redis } from "ioredis";
import { leaveRedis } from "./redis.ts";

export interface Changes {
  /** Resolves at the next message since the last call ended, after `milliseconds`, or when `signal` aborts. */
  next(milliseconds: number, signal: AbortSignal): Promise<void>;
  stop(): void;
}

/** Listens to a channel. A message may be lost with a connection, so no one waits for one alone. */
export async function listenTo(redis: Redis, channel: string): Promise<Changes> {
  // A connection that subscribes can do nothing else.
  const listener = redis.duplicate();
  listener.on("error", () => {});
  let seen = false;
  let wake = () => {};
  listener.on("message", () => {
    seen = true;
    wake();
  });
  await listener.subscribe(channel);
  return {
    async next(milliseconds, signal) {
      if (!seen && !signal.aborted) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, milliseconds);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
          signal.addEventListener("abort", wake, { once: true });
        });
        signal.removeEventListener("abort", wake);
      }
      seen = false;
      wake = () => {};
    },
    stop: () => leaveRedis(listener),
  };
}
