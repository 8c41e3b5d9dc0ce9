import { noteIn } from "../../fleet/coordinator/watch-queue.ts";
import { offersOn } from "../../fleet/engine/offers.ts";
import { openQueue } from "./open-queue.ts";
import type { QueueFlags } from "./queue-options.ts";

/** What a queue knows of a batch: the workers with our key, and how each task that is on it stands. */
export interface QueueStatus {
  readonly workers: readonly { readonly worker: string; readonly doing: string }[];
  readonly leases: readonly {
    readonly task: string;
    readonly state: string;
    readonly worker: string | null;
    readonly doing: string | null;
  }[];
}

export async function queueStatus(flags: QueueFlags, batch: string): Promise<QueueStatus> {
  const { key, redis } = await openQueue(flags);
  try {
    const offers = await offersOn({ redis, key, batch });
    try {
      const workers = [...(await offers.workers())].flatMap(
        ([name, note]) => noteIn(key, { batch: "", of: name }, note) ?? [],
      );
      const leases = (await offers.standing()).map((one) => {
        const note = one.state === "running" && one.note !== null ? noteIn(key, { batch, of: one.id }, one.note) : null;
        const { worker = null, doing = null } = note ?? {};
        // The id of an attempt: the task, its base, and a number of its own.
        return { task: one.id.split(".").slice(0, -2).join("."), state: one.state, worker, doing };
      });
      return { workers: workers.map(({ worker, doing }) => ({ worker, doing })), leases };
    } finally {
      await offers.stop();
    }
  } finally {
    redis.disconnect();
  }
}
