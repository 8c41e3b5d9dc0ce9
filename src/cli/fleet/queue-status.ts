import { setTimeout as sleep } from "node:timers/promises";
import { copiedJournal } from "../../fleet/batch/journal-copy.ts";
import { lookAt, type QueueLook } from "../../fleet/coordinator/look.ts";
import { offersOn } from "../../fleet/engine/offers.ts";
import { shelfOn } from "../../fleet/engine/shelf.ts";
import { lines, type Pair } from "../output/value-lines.ts";
import { openQueue } from "./open-queue.ts";
import type { QueueFlags } from "./queue-options.ts";

/** A queue, for a look at a batch from outside. */
export interface QueueWindow {
  /** Null: the server does not answer now. */
  look(): Promise<QueueLook | null>;
  /** The coordinator's journal as far as it was copied; null: there is no copy. */
  journal(): Promise<string | null>;
  close(): Promise<void>;
}

// A server that is away answers when it is back; a look should not wait for that.
const PATIENCE_MS = 5_000;

export async function openWindow(flags: QueueFlags, batch: string): Promise<QueueWindow> {
  const { key, redis, close } = await openQueue(flags);
  const offers = await offersOn({ redis, key, batch, onlyLooks: true });
  return {
    look: () => Promise.race([lookAt(offers, key, batch), sleep(PATIENCE_MS, null, { ref: false })]),
    journal: () => copiedJournal({ shelf: shelfOn({ redis, key }), key, batch }),
    async close() {
      close();
      await offers.stop();
    },
  };
}

/** A line for each worker and for each task on the queue. */
export function queueLines(look: QueueLook | null): string {
  if (look === null) return lines([["queue", "does not answer"]]);
  return lines([
    ...look.workers.map(({ worker, busy, slots }): Pair => ["worker", `${worker} busy=${busy} of ${slots}`]),
    ...look.leases.map(({ task, state, worker, doing }): Pair => {
      return ["lease", `${task} ${state}${worker === null ? "" : ` ${worker}: ${doing}`}`];
    }),
  ]);
}
