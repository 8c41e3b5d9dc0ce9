import { afterAll, beforeAll, expect, test } from "vitest";
import { claimsOn } from "../../../src/fleet/engine/claims.ts";
import { KEPT } from "../../../src/fleet/engine/kept.ts";
import { offersOn } from "../../../src/fleet/engine/offers.ts";
import { connectRedis } from "../../../src/fleet/engine/redis.ts";
import { shelfOn } from "../../../src/fleet/engine/shelf.ts";
import type { QueueKey } from "../../../src/fleet/seal/queue-key.ts";
import { type RedisServer, startRedis } from "../../support/machine/redis.ts";

const KEY: QueueKey = { secret: Buffer.alloc(32, 1), name: "00112233aabbccdd" };
const BATCH = "20261128-120000-000-aaaa";

let server: RedisServer;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

async function connected(perMinute: number | null) {
  const redis = await connectRedis(server);
  const offers = await offersOn({ redis, key: KEY, batch: BATCH, perMinute });
  const claims = await claimsOn({ redis, key: KEY, labels: [] });
  return {
    ...{ redis, offers, claims },
    offer: (id: string) => offers.offer({ id, label: null, payload: Buffer.from(id) }),
    async end() {
      redis.disconnect();
      await offers.stop();
      await claims.stop();
    },
  };
}

test("what a coordinator and its workers leave when all of them die is removed by the server in time", async () => {
  const { redis, offer, offers, claims, end } = await connected(null);
  const shelf = shelfOn({ redis, key: KEY });
  await shelf.put(BATCH, "base", Buffer.from("files"));
  await shelf.append(BATCH, "journal", Buffer.from("line"));
  for (const id of ["a.1", "b.1", "c.1"]) await offer(id);
  await (await claims.claim())?.finish(Buffer.from("done"));
  await claims.claim();
  expect((await offers.standing()).map(({ state }) => state).sort()).toEqual(["finished", "running", "waiting"]);
  const left = await Promise.all((await server.keys()).map(async (name) => ({ name, seconds: await redis.ttl(name) })));
  expect(left.length).toBeGreaterThan(8);
  expect(left.filter(({ seconds }) => seconds < 0 || seconds > KEPT)).toEqual([]);
  await offers.clear();
  await shelf.clear(BATCH);
  await end();
});

test("no more attempts begin in a minute than a batch allows, and none of its limit is left", async () => {
  const { offer, offers, claims, end } = await connected(2);
  for (const id of ["a.1", "b.1", "c.1"]) await offer(id);
  const claimed = [await claims.claim(), await claims.claim(), await claims.claim()];
  expect(claimed.map((claim) => claim?.id ?? null)).toEqual(["a.1", "b.1", null]);
  await offers.clear();
  await end();
  expect(await server.keys()).toEqual([]);
});
