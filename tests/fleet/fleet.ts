import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { type AttemptEvent, type Attempts, openAttempts } from "../../src/fleet/coordinator/attempts.ts";
import { claimsOn } from "../../src/fleet/engine/claims.ts";
import type { Offers } from "../../src/fleet/engine/engine.ts";
import { offersOn } from "../../src/fleet/engine/offers.ts";
import { connectRedis } from "../../src/fleet/engine/redis.ts";
import { shelfOn } from "../../src/fleet/engine/shelf.ts";
import { makeQueueKey, type QueueKey } from "../../src/fleet/seal/queue-key.ts";
import type { Offer } from "../../src/fleet/wire/offer.ts";
import type { CarryOut } from "../../src/fleet/worker/attend.ts";
import { readWorkerPolicy, type WorkerPolicy } from "../../src/fleet/worker/policy.ts";
import { openSeen } from "../../src/fleet/worker/seen.ts";
import { serve, type WorkerEvent } from "../../src/fleet/worker/serve.ts";
import type { RedisServer } from "../support/machine/redis.ts";
import { tempFolder } from "../support/temp-folder.ts";

interface WorkerOptions {
  readonly carryOut: CarryOut;
  readonly key?: QueueKey;
  readonly policy?: Partial<WorkerPolicy>;
  readonly slots?: number;
  readonly idleMs?: number;
}

export interface Fleet {
  readonly key: QueueKey;
  readonly offers: Offers;
  readonly attempts: Attempts;
  readonly events: readonly AttemptEvent[];
  /** Starts a worker; the function stops it. */
  worker(
    options: WorkerOptions,
  ): Promise<{ readonly events: readonly WorkerEvent[]; stop(): Promise<void>; readonly ended: Promise<void> }>;
}

/** A batch on a server, and its workers in this process; all are stopped in the end. */
export async function withFleet(
  server: RedisServer,
  batch: string,
  work: (fleet: Fleet) => Promise<void>,
): Promise<void> {
  await using folder = await tempFolder();
  const key = makeQueueKey(join(folder.path, "key"));
  const redis = await connectRedis(server);
  const offers = await offersOn({ redis, key, batch });
  const events: AttemptEvent[] = [];
  const onEvent = async (event: AttemptEvent) => void events.push(event);
  const attempts = openAttempts({ offers, key, batch, now: Date.now, onEvent });
  const stops: (() => Promise<void>)[] = [];
  const worker = async (options: WorkerOptions) => {
    const started = await startWorker(server, { ...options, key: options.key ?? key }, join(folder.path, "seen"));
    stops.push(started.stop);
    return started;
  };
  try {
    await work({ key, offers, attempts, events, worker });
    await offers.clear();
  } finally {
    for (const stop of stops) await stop();
    await attempts.stop();
    await offers.stop();
    redis.disconnect();
  }
}

async function startWorker(
  server: RedisServer,
  { carryOut, key, policy, slots = 1, idleMs = 0 }: WorkerOptions & { key: QueueKey },
  seen: string,
) {
  const redis = await connectRedis(server);
  const claims = await claimsOn({ redis, key, labels: [] });
  const stopping = new AbortController();
  const events: WorkerEvent[] = [];
  const { ended } = serve({
    ...{ key, claims, carryOut, slots, idleMs, worker: randomUUID(), shelf: shelfOn({ redis, key }), now: Date.now },
    policy: { ...readWorkerPolicy(null), ...policy },
    seen: await openSeen(seen, Date.now()),
    signal: stopping.signal,
    onEvent: (event) => events.push(event),
  });
  const stop = async () => {
    stopping.abort();
    await ended;
    await claims.stop();
    redis.disconnect();
  };
  return { events, stop, ended };
}

/** An offer of a task that needs nothing. */
export function anOffer(task: string, more: Partial<Offer> = {}): Omit<Offer, "batch" | "attempt" | "expires"> {
  const files = { commit: "0".repeat(40), remote: null, parcels: [] };
  const nothing = {
    sandbox: "read-only",
    network: false,
    writes: null,
    model: null,
    config: [],
    commands: [],
    timeout: 60,
  } as const;
  return { task, files, ...nothing, work: null, ...more };
}
