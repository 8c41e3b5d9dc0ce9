import { join } from "node:path";
import { type BatchPaths, batchPaths, readSchedule, scheduleFrom } from "../../batch/schedule/journal.ts";
import type { Schedule } from "../../batch/schedule/schedule.ts";
import { UsageError } from "../../errors.ts";
import { namesIn } from "../../files/names-in.ts";
import { holderOf } from "../../process/hold.ts";
import { stateFolder } from "../edge/folders.ts";
import type { QueueFlags } from "../fleet/queue-options.ts";
import type { QueueWindow } from "../fleet/queue-status.ts";

/** A batch, as seen from outside. */
export interface BatchSight {
  readonly id: string;
  readonly paths: BatchPaths;
  /** What its journal says now; for another machine's batch, the copy on the queue. Null: that copy is gone, with the batch. */
  schedule(): Promise<Schedule | null>;
  /** Whether a process of this machine carries it out; null: it is another machine's, and this one cannot know. */
  isAlive(): Promise<boolean | null>;
  /** Null: no queue was named. */
  readonly window: QueueWindow | null;
}

/** Looks at a batch of this machine; with a queue also at what that knows of it, and at batches of other machines. */
export async function lookAtBatch(
  given: string | undefined,
  flags: QueueFlags,
  work: (sight: BatchSight) => Promise<void>,
): Promise<void> {
  const state = stateFolder();
  const withQueue = flags.queue !== undefined || flags.queueKey !== undefined;
  const known = await knownId(given, state);
  if (known === null && (given === undefined || !withQueue)) throw await noSuchBatch(given, state);
  const id = known ?? given ?? "";
  const paths = batchPaths(state, id);
  const window = withQueue ? await (await import("../fleet/queue-status.ts")).openWindow(flags, id) : null;
  const copy = async () => {
    const text = (await window?.journal()) ?? null;
    return text === null ? null : scheduleFrom(text, "the copy on the queue");
  };
  try {
    if (known === null && (await copy()) === null)
      throw new UsageError(`Neither this machine nor the queue knows a batch ${id}.`, "Give its whole id.");
    await work({
      ...{ id, paths, window },
      schedule: known === null ? copy : async () => readSchedule(paths, id),
      isAlive: async () => (known === null ? null : (await holderOf(paths.hold)) !== null),
    });
  } finally {
    await window?.close();
  }
}

/** The batch that is meant: the last one, where none is named. */
async function knownId(given: string | undefined, state: string): Promise<string | null> {
  return (await knownIds(state)).findLast((id) => id.startsWith(given ?? "")) ?? null;
}

async function noSuchBatch(given: string | undefined, state: string): Promise<UsageError> {
  const ids = await knownIds(state);
  if (ids.length === 0) return new UsageError("There is no batch yet.", "Start one: ask_codex batch <plan>");
  return new UsageError(`There is no batch ${given}.`, `The last ones: ${ids.slice(-3).reverse().join(", ")}.`);
}

async function knownIds(state: string): Promise<readonly string[]> {
  return [...(await namesIn(join(state, "batches")))].sort();
}
