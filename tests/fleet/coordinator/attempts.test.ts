import { afterAll, beforeAll, expect, test } from "vitest";
import type { Asked } from "../../../src/fleet/coordinator/attempts.ts";
import { queueNames } from "../../../src/fleet/engine/names.ts";
import { connectRedis } from "../../../src/fleet/engine/redis.ts";
import { MOST_ANSWER, OFFER, sealAs } from "../../../src/fleet/wire/offer.ts";
import type { CarryOut } from "../../../src/fleet/worker/attend.ts";
import { type RedisServer, startRedis } from "../../support/machine/redis.ts";
import { inMatrix } from "../../support/suite.ts";
import { until } from "../../support/until.ts";
import { anOffer, withFleet } from "../fleet.ts";

let server: RedisServer;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(async () => {
  expect(await server.keys()).toEqual([]);
  await server[Symbol.asyncDispose]();
});

const BATCH = "b-1";
const asked = (offer: Asked["offer"], more: Partial<Asked> = {}): Asked => ({
  ...{ offer, label: null, former: null, signal: new AbortController().signal },
  ...more,
});
const echo: CarryOut = async ({ task }, { doing }) => {
  doing(`working on ${task}`);
  return { patch: Buffer.from(`patch of ${task}`), work: { task } };
};
const never: CarryOut = (_, { signal }) =>
  new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(new Error("ended"))));

test("twenty tasks over three workers: each is done once, and answered with its own result", async () => {
  await withFleet(server, BATCH, async ({ attempts, worker }) => {
    const begun: string[] = [];
    const carryOut: CarryOut = async (offer, how) => {
      begun.push(offer.task);
      return echo(offer, how);
    };
    for (let count = 0; count < 3; count++) await worker({ carryOut, slots: 2 });
    const tasks = Array.from({ length: 20 }, (_, at) => `t${at}`);
    const answers = await Promise.all(tasks.map((task) => attempts.answerOf(asked(anOffer(task)))));
    expect(answers.map((answer) => answer.type === "done" && answer.work)).toEqual(tasks.map((task) => ({ task })));
    expect(begun.sort()).toEqual(tasks.sort());
  });
});

test("what a worker's policy does not allow is refused by name, and not begun", async () => {
  await withFleet(server, BATCH, async ({ attempts, worker }) => {
    const policy = { sandbox: "read-only", commands: ["npm test"], models: ["small"], timeout: 100 } as const;
    await worker({ carryOut: () => Promise.reject(new Error("begun")), policy });
    const more: [Parameters<typeof anOffer>[1], string][] = [
      [{ sandbox: "workspace-write" }, "it asks for the sandbox workspace-write, and this worker allows read-only"],
      [{ network: true }, "it asks for the network, and this worker allows none"],
      [{ model: "large" }, "it asks for the model large, and this worker allows small"],
      [{ commands: ["npm test", "curl x"] }, "it runs the command curl x, which this worker does not allow"],
      [{ timeout: 101 }, "it may take 101 s, and this worker allows 100 s"],
      [{ timeout: 0 }, "it has no time limit, and this worker allows 100 s"],
      [{ config: ["notify=['x']"] }, "it sets notify=['x'], which this worker does not allow"],
      [
        { sandbox: "danger-full-access" },
        "it asks for the sandbox danger-full-access, and this worker allows read-only",
      ],
      [
        { files: { commit: "0".repeat(40), remote: "0".repeat(40), parcels: [] } },
        "its files come from a git remote, and this worker has none",
      ],
    ];
    for (const [wanted, why] of more)
      expect(await attempts.answerOf(asked(anOffer("t", wanted)))).toMatchObject({ type: "refused", why });
    const allowed = attempts.answerOf(asked(anOffer("t", { commands: ["npm test"], model: "small" })));
    expect(await allowed).toMatchObject({ type: "failed", why: "begun" });
  });
});

test("an offer with another key, one put on the queue again, and one that has expired are refused", async () => {
  await withFleet(server, BATCH, async ({ attempts, offers, events, key, worker }) => {
    const { events: seen } = await worker({ carryOut: echo });
    const why = () =>
      until(async () =>
        seen.flatMap((one) => (one.event === "ended" && one.ended === "refused" ? [one.why] : [])).at(-1),
      );
    const place = { batch: BATCH, of: "x.1" };
    const whole = { ...anOffer("x"), batch: BATCH, attempt: "x.1", expires: Date.now() + 60_000 };
    const other = { ...key, secret: Buffer.alloc(32) };
    await offers.offer({ id: "x.1", label: null, payload: sealAs(other, OFFER, place, whole) });
    expect(await why()).toMatch(/is not sealed with this key/);
    await offers.offer({
      id: "x.2",
      label: null,
      payload: sealAs(key, OFFER, { batch: BATCH, of: "x.2" }, { ...whole, attempt: "x.2", expires: 1 }),
    });
    await until(async () => ((await why()) === "it has expired" ? true : undefined));
    await attempts.answerOf(asked(anOffer("t")));
    const [offered] = events;
    const again = offered?.attempt ?? "";
    await offers.offer({
      id: again,
      label: null,
      payload: sealAs(key, OFFER, { batch: BATCH, of: again }, { ...whole, attempt: again }),
    });
    await until(async () => ((await why()) === "it was begun before" ? true : undefined));
  });
});

test("a forged answer is not taken for one: the task is tried again", async () => {
  await withFleet(server, BATCH, async ({ attempts, events, key, worker }) => {
    const redis = await connectRedis(server);
    const answer = attempts.answerOf(asked(anOffer("t")));
    const offered = await until(async () => events.find(({ event }) => event === "offered"));
    const names = queueNames(key);
    const job = `${names.prefix}:${BATCH}:${offered.attempt}`;
    await until(async () => ((await redis.exists(job)) === 1 ? true : undefined));
    // What somebody with access to the server, and without the key, can write.
    await redis.lrem(`${names.prefix}:${BATCH}:wait`, 0, offered.attempt);
    await redis.hset(job, "returnvalue", JSON.stringify(Buffer.from("done, all of it").toString("base64")));
    await redis.zadd(`${names.prefix}:${BATCH}:completed`, 1, offered.attempt);
    await until(async () => events.find(({ event }) => event === "lost"));
    expect(events).toContainEqual(
      expect.objectContaining({ event: "lost", why: "its answer was not sealed with this key" }),
    );
    redis.disconnect();
    await worker({ carryOut: echo });
    expect(await answer).toMatchObject({ type: "done", work: { task: "t" } });
  });
});

inMatrix(() => {
  test("a result that is too large is refused where it was made, and the task fails by that name, once", async () => {
    await withFleet(server, BATCH, async ({ attempts, events, worker }) => {
      await worker({ carryOut: async () => ({ patch: Buffer.alloc(MOST_ANSWER), work: null }) });
      const answer = await attempts.answerOf(asked(anOffer("t")));
      expect(answer).toMatchObject({
        type: "failed",
        why: expect.stringMatching(/^the answer t\.\S+ of batch b-1 is larger than 33554432 bytes$/),
      });
      expect(events.filter(({ event }) => event === "offered")).toHaveLength(1);
    });
  });

  test("a task whose workers are lost one after the other is given up, and named", async () => {
    await withFleet(server, BATCH, async ({ attempts, offers, events, worker }) => {
      await worker({ carryOut: never });
      const answer = attempts.answerOf(asked(anOffer("poison"))).catch((error: unknown) => error);
      for (let count = 1; count <= 3; count++) {
        const offered = () => events.filter(({ event }) => event === "offered");
        const last = await until(async () => (offered().length === count ? offered().at(-1) : undefined));
        await until(async () =>
          (await offers.standing()).find(({ id, state }) => id === last.attempt && state === "running"),
        );
        await offers.takeBack(last.attempt);
      }
      expect(await answer).toMatchObject({ kind: "worker_lost", message: expect.stringContaining("poison") });
      expect(events.filter(({ event }) => event === "offered")).toHaveLength(3);
    });
  });
});

test("a task that is no longer wanted is taken off the queue, and its worker ends it", async () => {
  await withFleet(server, BATCH, async ({ attempts, offers, worker }) => {
    const { events } = await worker({ carryOut: never });
    const stop = new AbortController();
    const answer = attempts.answerOf(asked(anOffer("t"), { signal: stop.signal })).catch((error: unknown) => error);
    await until(async () => events.find(({ event }) => event === "claimed"));
    stop.abort("not wanted");
    expect(await answer).toBe("not wanted");
    expect(await offers.standing()).toEqual([]);
    const ended = await until(async () => events.find(({ event }) => event === "ended"));
    expect(ended).toMatchObject({ ended: "lost", why: "its lease was lost" });
  });
});

inMatrix(() => {
  test("a coordinator that comes back takes the answer of an attempt that the one before it had offered", async () => {
    await withFleet(server, BATCH, async ({ attempts, offers, events, worker }) => {
      const stop = new AbortController();
      const { events: seen } = await worker({ carryOut: echo });
      await offers.offer({ id: "gone", label: "nobody", payload: Buffer.alloc(0) });
      const first = attempts.answerOf(asked(anOffer("t"), { signal: stop.signal }));
      expect(await first).toMatchObject({ type: "done" });
      await until(async () => seen.find(({ event }) => event === "ended"));
      const again = attempts.answerOf(asked(anOffer("t"), { former: "t.former" }));
      expect(await again).toMatchObject({ type: "done", work: { task: "t" } });
      expect(events).toContainEqual(expect.objectContaining({ event: "lost", attempt: "t.former" }));
    });
  });
});

test("a worker with nothing to take for as long as it was told leaves by itself", async () => {
  await withFleet(server, BATCH, async ({ attempts, offers, worker }) => {
    const { events, ended } = await worker({ carryOut: echo, idleMs: 1 });
    await ended;
    expect(events).toEqual([]);
    expect((await offers.workers()).size).toBe(0);
    const patient = await worker({ carryOut: echo, idleMs: 600_000 });
    expect(await attempts.answerOf(asked(anOffer("t")))).toMatchObject({ type: "done" });
    await patient.stop();
  });
});
