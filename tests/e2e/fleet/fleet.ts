import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { type AskOptions, ask, startAsk } from "../../support/ask.ts";
import type { RedisServer } from "../../support/machine/redis.ts";
import { SETUP } from "../../support/programs.ts";
import type { World } from "../../support/world.ts";

interface Fleet {
  readonly queue: readonly string[];
  /** Another machine: the same Codex and model, a state folder of its own. */
  worker(name: string, ...flags: string[]): ReturnType<typeof startAsk>;
  /** The state folder of that machine. */
  state(name: string): string;
}

/** A queue key, and workers in this world. */
export async function fleetIn(world: World, redis: RedisServer): Promise<Fleet> {
  const key = join(world.home, "key");
  expect((await ask(world, ["worker", "--new-key", key], { program: SETUP })).code).toBe(0);
  const queue = ["--queue", redis.url, "--queue-key", key];
  const state = (name: string) => join(world.home, "machines", name);
  const options = (name: string): AskOptions => ({
    ...{ program: SETUP, cwd: world.home },
    env: { ASK_CODEX_HOME: state(name) },
  });
  return { queue, state, worker: (name, ...flags) => startAsk(world, ["worker", ...queue, ...flags], options(name)) };
}

export async function listed(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch(() => []);
}
