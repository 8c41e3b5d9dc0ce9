import { type Job, Queue, Worker } from "bullmq";
import type { Redis } from "ioredis";
import { inBatches } from "../../bounds/in-batches.ts";
import type { QueueKey } from "../seal/queue-key.ts";
import { listenTo } from "./changes.ts";
import { type Attempt, HEARTBEAT, LEASE, type Offers, type Standing } from "./engine.ts";
import { KEPT, keep } from "./kept.ts";
import { partsOf, queueNames } from "./names.ts";

interface Side {
  readonly redis: Redis;
  readonly key: QueueKey;
  readonly batch: string;
  /** How many attempts may begin in a minute, at all workers together; null: as was said before, or any. */
  readonly perMinute?: number | null;
  /** Only looks: it neither offers anything nor finds out whose worker is gone, and so leaves no trace. */
  readonly onlyLooks?: boolean;
}

/** The coordinator's side of BullMQ: a queue for each label of one batch. The caller closes its `redis`. */
export async function offersOn({ redis, key, batch, perMinute = null, onlyLooks = false }: Side): Promise<Offers> {
  const names = queueNames(key);
  const changes = await listenTo(redis, names.ended);
  const sides = new Map<string, Promise<LabelSide>>();
  // Tasks are offered at the same time: the second one waits for what the first one opens.
  const side = (label: string | null) => {
    const name = names.queue(batch, label);
    const opened = sides.get(name) ?? openSide(redis, names.prefix, { name, perMinute, onlyLooks });
    sides.set(name, opened);
    return opened;
  };
  const opened = () => Promise.all(sides.values());
  // What another coordinator of the batch has put there: the one before us, or the one that we only look at.
  const find = async () => {
    for (const name of await redis.zrangebyscore(names.queues, "-inf", "+inf"))
      if (partsOf(name).batch === batch) await side(partsOf(name).label);
  };
  await find();
  return {
    async offer({ id, label, payload }: Attempt) {
      const { name, queue } = await side(label);
      await queue.add("attempt", { payload: payload.toString("base64") }, { jobId: id });
      await keep(redis, queue, id);
      const now = Math.floor(Date.now() / 1000);
      await redis.zremrangebyscore(names.queues, "-inf", now);
      await redis
        .multi()
        .zadd(names.queues, now + KEPT, name)
        .expire(names.queues, KEPT)
        .exec();
      await redis.publish(names.offered, name);
    },
    async standing() {
      await find();
      const all = await inBatches(await opened(), ({ queue }) => standingOf(queue));
      return all.flat();
    },
    async takeBack(id) {
      for (const { name, queue } of await opened()) {
        const job = await queue.getJob(id);
        // Its worker finds the lease gone at the next heartbeat.
        await redis.del(`${names.prefix}:${name}:${id}:lock`);
        await job?.remove();
        await keep(redis, queue, id);
      }
    },
    async clear() {
      for (const { name, queue, watch } of await opened()) {
        await redis.zrem(names.queues, name);
        // Its looks write to the queue, also to one that is gone.
        await watch?.close(true);
        await queue.obliterate({ force: true });
        await redis.del(queue.toKey("limiter"));
      }
    },
    async workers() {
      const notes = new Map<string, Buffer>();
      const start = names.worker("");
      for await (const found of redis.scanStream({ match: `${start}*`, count: 500 }) as AsyncIterable<string[]>) {
        for (const name of found) {
          const note = await redis.getBuffer(name);
          if (note !== null) notes.set(name.slice(start.length), note);
        }
      }
      return notes;
    },
    changed: (milliseconds, signal) => changes.next(milliseconds, signal),
    async stop() {
      changes.stop();
      for (const { watch, queue } of await opened()) {
        await watch?.close(true);
        await queue.close();
      }
    },
  };
}

interface LabelSide {
  readonly name: string;
  readonly queue: Queue;
  /** Takes nothing: it finds those who are not heard of any more. Null: this side only looks. */
  readonly watch: Worker | null;
}

interface Opening {
  readonly name: string;
  readonly perMinute: number | null;
  readonly onlyLooks: boolean;
}

async function openSide(redis: Redis, prefix: string, { name, perMinute, onlyLooks }: Opening): Promise<LabelSide> {
  const shared = { connection: redis, prefix };
  const queue = new Queue(name, { ...shared, skipMetasUpdate: true, streams: { events: { maxLen: 1 } } });
  queue.on("error", () => {});
  if (onlyLooks) return { name, queue, watch: null };
  // An attempt is never given to a second worker by the queue: whether it is tried again is the coordinator's to say.
  const stalling = { lockDuration: LEASE, stalledInterval: HEARTBEAT, maxStalledCount: 0 };
  const watch = new Worker(name, null, { ...shared, ...stalling, autorun: false });
  // The connection comes back by itself, and a command that cannot be given fails where it was given.
  watch.on("error", () => {});
  await watch.waitUntilReady();
  await watch.startStalledCheckTimer();
  if (perMinute !== null) await queue.setGlobalRateLimit(perMinute, 60_000);
  return { name, queue, watch };
}

const STATES = ["waiting", "prioritized", "active", "completed", "failed"] as const;

async function standingOf(queue: Queue): Promise<readonly Standing[]> {
  const found = await inBatches(STATES, async (state) => ({ state, jobs: await queue.getJobs([state], 0, -1) }));
  return found.flatMap(({ state, jobs }) =>
    jobs.filter((job): job is Job => job?.id !== undefined).map((job) => standingOfJob(job, state)),
  );
}

function standingOfJob(job: Job, state: (typeof STATES)[number]): Standing {
  const id = job.id ?? "";
  if (state === "completed") return { id, state: "finished", result: bytesOf(job.returnvalue) ?? Buffer.alloc(0) };
  // BullMQ puts an attempt whose worker is gone back, marked, and fails it as the next worker takes it.
  const why = state === "failed" ? job.failedReason : job.deferredFailure;
  if (why !== undefined) return { id, state: "lost", why };
  if (state === "active") return { id, state: "running", note: bytesOf(job.progress) };
  return { id, state: "waiting" };
}

function bytesOf(value: unknown): Buffer | null {
  return typeof value === "string" && value !== "" ? Buffer.from(value, "base64") : null;
}
