import { afterAll, beforeAll, expect, test } from "vitest";
import { claimsOn } from "../../../src/fleet/engine/claims.ts";
import type { Claim, Claims, Offers } from "../../../src/fleet/engine/engine.ts";
import { offersOn } from "../../../src/fleet/engine/offers.ts";
import { connectRedis } from "../../../src/fleet/engine/redis.ts";
import { shelfOn } from "../../../src/fleet/engine/shelf.ts";
import type { QueueKey } from "../../../src/fleet/seal/queue-key.ts";
import { type RedisServer, startRedis } from "../../support/machine/redis.ts";
import { until } from "../../support/until.ts";

const KEY: QueueKey = { secret: Buffer.alloc(32, 1), name: "00112233aabbccdd" };
const BATCH = "20261128-120000-000-aaaa";

let server: RedisServer;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

interface Both {
  readonly offers: Offers;
  /** Another worker, with these labels. */
  worker(...labels: string[]): Promise<Claims>;
}

/** A coordinator and its workers; when they are done, nothing of the batch is left on the server. */
async function withBoth(work: (both: Both) => Promise<void>): Promise<void> {
  const redis = await connectRedis(server);
  const offers = await offersOn({ redis, key: KEY, batch: BATCH });
  const workers: Claims[] = [];
  const worker = async (...labels: string[]) => {
    const claims = await claimsOn({ redis, key: KEY, labels });
    workers.push(claims);
    return claims;
  };
  try {
    await work({ offers, worker });
    await offers.clear();
    expect(await Promise.all(workers.map((claims) => claims.claim()))).toEqual(workers.map(() => null));
  } finally {
    for (const claims of workers) await claims.stop();
    await offers.stop();
    redis.disconnect();
  }
  expect(await server.keys()).toEqual([]);
}

const offer = (offers: Offers, id: string, label: string | null = null) =>
  offers.offer({ id, label, payload: Buffer.from(`do ${id}`) });

async function claimed(claims: Claims): Promise<Claim> {
  const claim = await claims.claim();
  if (claim === null) throw new Error("there was nothing to claim");
  return claim;
}

test("what is offered is claimed once, and its result comes back", async () => {
  await withBoth(async ({ offers, worker }) => {
    const [one, two] = [await worker(), await worker()];
    await offer(offers, "a.1");
    const claim = await claimed(one);
    expect([claim.batch, claim.id, claim.payload.toString()]).toEqual([BATCH, "a.1", "do a.1"]);
    expect(await two.claim()).toBeNull();
    expect(await claim.heartbeat(Buffer.from("on it"))).toBe("held");
    expect(await offers.standing()).toEqual([{ id: "a.1", state: "running", note: Buffer.from("on it") }]);
    expect(await claim.finish(Buffer.from("done"))).toBe("taken");
    expect(await offers.standing()).toEqual([{ id: "a.1", state: "finished", result: Buffer.from("done") }]);
    await offers.takeBack("a.1");
    expect(await offers.standing()).toEqual([]);
  });
});

test("a worker without the label does not see an attempt that asks for one", async () => {
  await withBoth(async ({ offers, worker }) => {
    const [plain, gpu] = [await worker(), await worker("gpu")];
    await offer(offers, "a.1", "gpu");
    expect(await plain.claim()).toBeNull();
    expect((await claimed(gpu)).id).toBe("a.1");
  });
});

test("an attempt that is taken back is lost to its worker, whose result is not taken", async () => {
  await withBoth(async ({ offers, worker }) => {
    const claims = await worker();
    await offer(offers, "a.1");
    const claim = await claimed(claims);
    await offers.takeBack("a.1");
    expect(await claim.heartbeat(Buffer.from("still here"))).toBe("lost");
    expect(await claim.finish(Buffer.from("done"))).toBe("lost");
    expect(await offers.standing()).toEqual([]);
  });
});

test("a worker that is not heard of loses its attempt, and hands nothing in when it wakes", async () => {
  await withBoth(async ({ offers, worker }) => {
    const claims = await worker();
    await offer(offers, "a.1");
    const claim = await claimed(claims);
    const lost = await until(async () => (await offers.standing()).find(({ state }) => state === "lost"));
    expect(lost).toEqual({ id: "a.1", state: "lost", why: expect.stringContaining("stalled") });
    expect(await claim.finish(Buffer.from("done"))).toBe("lost");
    expect(await offers.standing()).toMatchObject([{ id: "a.1", state: "lost" }]);
  });
});

test("a waiting worker hears of an offer, and a waiting coordinator of a result", async () => {
  await withBoth(async ({ offers, worker }) => {
    const claims = await worker();
    const never = new AbortController().signal;
    const heard = claims.changed(100_000, never);
    await offer(offers, "a.1");
    await heard;
    const claim = await claimed(claims);
    const told = offers.changed(100_000, never);
    await claim.finish(Buffer.from("done"));
    await told;
  });
});

test("what was offered and claimed outlives a restart of the server", async () => {
  await withBoth(async ({ offers, worker }) => {
    const claims = await worker();
    await offer(offers, "a.1");
    await offer(offers, "b.1");
    const claim = await claimed(claims);
    await server.restart();
    expect(await claim.finish(Buffer.from("done"))).toBe("taken");
    expect((await claimed(claims)).id).not.toBe(claim.id);
  });
});

test("a coordinator that comes back finds what the one before it had offered", async () => {
  await withBoth(async ({ offers, worker }) => {
    await offer(offers, "a.1");
    await offer(offers, "b.1", "gpu");
    const claim = await claimed(await worker());
    const redis = await connectRedis(server);
    const next = await offersOn({ redis, key: KEY, batch: BATCH });
    expect(await next.standing()).toHaveLength(2);
    await claim.finish(Buffer.from("done"));
    expect(await next.standing()).toContainEqual({ id: "a.1", state: "finished", result: Buffer.from("done") });
    const looking = await offersOn({ redis, key: KEY, batch: BATCH, onlyLooks: true });
    expect(await looking.standing()).toHaveLength(2);
    await looking.stop();
    await next.stop();
    redis.disconnect();
  });
});

test("what is laid down comes back whole, whatever its size, and goes with the batch", async () => {
  const redis = await connectRedis(server);
  const shelf = shelfOn({ redis, key: KEY });
  const large = Buffer.alloc(9 * 1024 * 1024, "ab");
  await shelf.put(BATCH, "base", large);
  await shelf.put(BATCH, "empty", Buffer.alloc(0));
  expect((await shelf.get(BATCH, "base"))?.equals(large)).toBe(true);
  expect(await shelf.get(BATCH, "empty")).toEqual(Buffer.alloc(0));
  expect(await shelf.get(BATCH, "nothing")).toBeNull();
  for (const line of ["one", "two"]) await shelf.append(BATCH, "journal", Buffer.from(line));
  expect((await shelf.list(BATCH, "journal")).join()).toBe("one,two");
  await shelf.clear(BATCH);
  redis.disconnect();
  expect(await server.keys()).toEqual([]);
});

test("a server that is not there, and a password that is wrong, are failures with a reason", async () => {
  await expect(connectRedis({ url: "redis://127.0.0.1:1" })).rejects.toMatchObject({ kind: "queue" });
  await expect(connectRedis({ url: "http://127.0.0.1" })).rejects.toMatchObject({ kind: "usage" });
  await using guarded = await startRedis({ password: "right" });
  await expect(connectRedis(guarded)).rejects.toMatchObject({
    kind: "queue",
    message: expect.stringContaining("NOAUTH"),
  });
  await expect(connectRedis({ ...guarded, password: "wrong" })).rejects.toMatchObject({ kind: "queue" });
  (await connectRedis({ ...guarded, password: "right" })).disconnect();
});
