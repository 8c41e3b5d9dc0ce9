import { type Job, Queue, Worker } from "bullmq";
import type { Redis } from "ioredis";
import { inBatches } from "../../bounds/in-batches.ts";
import type { QueueKey } from "../seal/queue-key.ts";
import { listenTo } from "./changes.ts";
import { type Attempt, HEARTBEAT, LEASE, type Offers, type Standing } from "./engine.ts";
import { queueNames } from "./names.ts";

interface Side {
  readonly redis: Redis;
  readonly key: QueueKey;
  readonly batch: string;
}

/** The coordinator's side of BullMQ: a queue for each label of one batch. Its `redis` is closed by whoever opened it. */
export async function offersOn({ redis, key, batch }: Side): Promise<Offers> {
  const names = queueNames(key);
  const changes = await listenTo(redis, names.ended);
  const sides = new Map<string, Promise<LabelSide>>();
  // Tasks are offered at the same time: the second one waits for what the first one opens.
  const side = (label: string | null) => {
    const name = names.queue(batch, label);
    const opened = sides.get(name) ?? openSide(redis, names.prefix, name);
    sides.set(name, opened);
    return opened;
  };
  const opened = () => Promise.all(sides.values());
  // What an earlier coordinator of the batch has left there.
  for (const name of await redis.smembers(names.queues)) {
    if (name === batch || name.startsWith(`${batch}@`))
      await side(name === batch ? null : name.slice(batch.length + 1));
  }
  return {
    async offer({ id, label, payload }: Attempt) {
      const { name, queue } = await side(label);
      await redis.sadd(names.queues, name);
      await queue.add("attempt", { payload: payload.toString("base64") }, { jobId: id });
      await redis.publish(names.offered, name);
    },
    async standing() {
      const all = await inBatches(await opened(), ({ queue }) => standingOf(queue));
      return all.flat();
    },
    async takeBack(id) {
      for (const { name, queue } of await opened()) {
        const job = await queue.getJob(id);
        // Whoever runs it finds its lease gone at the next heartbeat.
        await redis.del(`${names.prefix}:${name}:${id}:lock`);
        await job?.remove();
      }
    },
    async clear() {
      for (const { name, queue } of await opened()) {
        await redis.srem(names.queues, name);
        await queue.obliterate({ force: true });
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
        await watch.close(true);
        await queue.close();
      }
    },
  };
}

interface LabelSide {
  readonly name: string;
  readonly queue: Queue;
  /** Takes nothing: it finds those who are not heard of any more. */
  readonly watch: Worker;
}

async function openSide(redis: Redis, prefix: string, name: string): Promise<LabelSide> {
  const shared = { connection: redis, prefix };
  const queue = new Queue(name, { ...shared, skipMetasUpdate: true, streams: { events: { maxLen: 1 } } });
  // An attempt is never given to a second worker by the queue: whether it is tried again is the coordinator's to say.
  const stalling = { lockDuration: LEASE, stalledInterval: HEARTBEAT, maxStalledCount: 0 };
  const watch = new Worker(name, null, { ...shared, ...stalling, autorun: false });
  // The connection comes back by itself, and a command that cannot be given fails where it was given.
  queue.on("error", () => {});
  watch.on("error", () => {});
  await watch.waitUntilReady();
  await watch.startStalledCheckTimer();
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
