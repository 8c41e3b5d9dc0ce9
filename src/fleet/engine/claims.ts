import { randomUUID } from "node:crypto";
import { type Job, Worker } from "bullmq";
import type { Redis } from "ioredis";
import type { QueueKey } from "../seal/queue-key.ts";
import { listenTo } from "./changes.ts";
import { type Claim, type Claims, LEASE } from "./engine.ts";
import { keep } from "./kept.ts";
import { partsOf, type QueueNames, queueNames } from "./names.ts";

interface Side {
  readonly redis: Redis;
  readonly key: QueueKey;
  /** What this worker has that others may lack. */
  readonly labels: readonly string[];
}

/** The worker's side of BullMQ: every batch with our key, and of its queues those with a label of ours. */
export async function claimsOn({ redis, key, labels }: Side): Promise<Claims> {
  const names = queueNames(key);
  const changes = await listenTo(redis, names.offered);
  const open = new Map<string, Worker>();
  return {
    async claim() {
      const queues = await redis.zrangebyscore(names.queues, Date.now() / 1000, "+inf");
      await closeOthers(open, queues);
      for (const queue of queues.sort()) {
        const { label } = partsOf(queue);
        if (label !== null && !labels.includes(label)) continue;
        const worker = open.get(queue) ?? (await openWorker(redis, names, queue));
        open.set(queue, worker);
        const token = randomUUID();
        const job = await nextOf(worker, token);
        if (job === null) continue;
        const renew = () => keep(redis, worker, job.id ?? "");
        await renew();
        return claimOf({ job, token, queue, redis, names, renew });
      }
      return null;
    },
    async present(worker, note) {
      await redis.set(names.worker(worker), note, "PX", LEASE);
    },
    async absent(worker) {
      await redis.del(names.worker(worker));
    },
    changed: (milliseconds, signal) => changes.next(milliseconds, signal),
    async stop() {
      changes.stop();
      await closeOthers(open, []);
    },
  };
}

/** The next one whose first worker it would be: one that another worker has lost is the coordinator's to offer again, under another id. */
async function nextOf(worker: Worker, token: string): Promise<Job | null> {
  for (;;) {
    const job = (await worker.getNextJob(token, { block: false })) as Job | undefined;
    if (job?.deferredFailure === undefined) return job ?? null;
    await job.moveToFailed(new Error(job.deferredFailure), token, false);
  }
}

async function openWorker(redis: Redis, { prefix }: QueueNames, queue: string): Promise<Worker> {
  const options = { connection: redis, prefix, autorun: false, skipStalledCheck: true, lockDuration: LEASE };
  const worker = new Worker(queue, null, options);
  worker.on("error", () => {});
  // One whose connection broke as it was made would stay broken.
  await worker.waitUntilReady();
  return worker;
}

/** Batches come and go; what is kept open for one that has gone would pile up. */
async function closeOthers(open: Map<string, Worker>, queues: readonly string[]): Promise<void> {
  for (const [queue, worker] of open) {
    if (queues.includes(queue)) continue;
    open.delete(queue);
    await worker.close(true);
  }
}

interface Held {
  readonly job: Job;
  readonly token: string;
  readonly queue: string;
  readonly redis: Redis;
  readonly names: QueueNames;
  readonly renew: () => Promise<void>;
}

function claimOf({ job, token, queue, redis, names, renew }: Held): Claim {
  const { payload } = job.data as { payload?: unknown };
  const tell = () => redis.publish(names.ended, queue);
  return {
    batch: partsOf(queue).batch,
    id: job.id ?? "",
    payload: Buffer.from(typeof payload === "string" ? payload : "", "base64"),
    async heartbeat(note) {
      try {
        if ((await job.extendLock(token, LEASE)) !== 1) return "lost";
        await job.updateProgress(note.toString("base64"));
        return "held";
      } catch (error) {
        if (isGone(error)) return "lost";
        throw error;
      }
    },
    async finish(result) {
      try {
        await job.moveToCompleted(result.toString("base64"), token, false);
        await renew();
        await tell();
        return "taken";
      } catch (error) {
        if (isGone(error)) return "lost";
        throw error;
      }
    },
  };
}

// BullMQ's own sentences: the job is missing, or its lock is missing or another's.
const GONE = /Missing (?:lock|key)|Lock mismatch|could not renew lock|is not in the active state/i;

function isGone(error: unknown): boolean {
  return error instanceof Error && GONE.test(error.message);
}
