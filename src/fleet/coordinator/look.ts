import type { Offers } from "../engine/engine.ts";
import type { QueueKey } from "../seal/queue-key.ts";
import { noteIn } from "./watch-queue.ts";

/** What a queue knows of a batch: the workers with our key, and how each task that is on it stands. */
export interface QueueLook {
  readonly workers: readonly { readonly worker: string; readonly busy: number; readonly slots: number }[];
  readonly leases: readonly {
    readonly task: string;
    readonly state: string;
    readonly worker: string | null;
    readonly doing: string | null;
  }[];
}

export async function lookAt(offers: Offers, key: QueueKey, batch: string): Promise<QueueLook> {
  const workers = [...(await offers.workers())].flatMap(([name, sealed]) => {
    const note = noteIn(key, { batch: "", of: name }, sealed);
    const [busy = "", slots = ""] = /^(\d+) of (\d+)$/.exec(note?.doing ?? "")?.slice(1) ?? [];
    return note === null ? [] : [{ worker: note.worker, busy: Number(busy), slots: Number(slots) }];
  });
  const leases = (await offers.standing()).map((one) => {
    const note = one.state === "running" && one.note !== null ? noteIn(key, { batch, of: one.id }, one.note) : null;
    const { worker = null, doing = null } = note ?? {};
    // The id of an attempt: the task, its base, and a number of its own.
    return { task: one.id.split(".").slice(0, -2).join("."), state: one.state, worker, doing };
  });
  return { workers, leases };
}
