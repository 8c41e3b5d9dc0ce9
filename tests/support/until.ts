import { setTimeout as sleep } from "node:timers/promises";
import type { Leftover } from "./leftovers.ts";
import type { World } from "./world.ts";

const POLL_MS = 20;
// Well within a test's own limit, which would not tell what was waited for.
const HOPELESS_MS = 120_000;

/** Looks again and again until there is something to see: for what sends no event, such as another program's process. */
export async function until<T>(look: () => Promise<T | undefined>): Promise<T> {
  const deadline = performance.now() + HOPELESS_MS;
  while (performance.now() < deadline) {
    const began = performance.now();
    const seen = await look();
    if (seen !== undefined) return seen;
    // What looks takes time from what it waits for: at most a fifth of it.
    await sleep(Math.max(POLL_MS, 4 * (performance.now() - began)));
  }
  throw new Error(`still not so after ${HOPELESS_MS} ms: ${look}`);
}

/** The process of the world with this command line, once there is one. */
export async function untilRunning(world: World, line: string | RegExp): Promise<Leftover> {
  const fits = (command: string) => (typeof line === "string" ? command === line : line.test(command));
  return until(async () => (await world.processes()).find(({ command }) => fits(command)));
}

/** Nothing of the world runs any more: what was to leave by itself has left. */
export async function untilGone(world: World): Promise<void> {
  await until(async () => ((await world.processes()).length === 0 ? true : undefined));
}
