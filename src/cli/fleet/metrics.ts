import { resolve } from "node:path";
import { appendAt } from "../../files/write-place.ts";
import { currentFolder } from "../edge/folders.ts";
import { outputPlace } from "../edge/output-place.ts";

const EVERY_MS = 60_000;

/** Adds a line of figures as JSON to a file, a minute each and the last one when it is stopped. */
export function metricsTo(
  path: string | undefined,
  bound: string,
  figures: () => Promise<object>,
): { stop(): Promise<void> } {
  if (path === undefined) return { stop: async () => {} };
  const place = outputPlace("--metrics", resolve(currentFolder(), path), bound);
  let last = Promise.resolve();
  let busy = false;
  const write = async () => {
    // A server that is away keeps the question until it is back.
    if (busy) return;
    busy = true;
    try {
      appendAt(place, `${JSON.stringify({ time: new Date().toISOString(), ...(await figures()) })}\n`);
    } finally {
      busy = false;
    }
  };
  const tick = () => {
    last = write().catch(() => {});
  };
  const timer = setInterval(tick, EVERY_MS);
  return {
    async stop() {
      clearInterval(timer);
      await last;
      await write();
    },
  };
}
