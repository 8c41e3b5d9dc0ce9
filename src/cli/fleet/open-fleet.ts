import type { Place } from "../../batch/place/place.ts";
import type { BatchTask } from "../../batch/plan/task.ts";
import type { BatchLog, BatchPaths } from "../../batch/schedule/journal.ts";
import { timeLimit, unlessAborted } from "../../bounds/time-limit.ts";
import { messageOf } from "../../errors.ts";
import { readPlain } from "../../files/read-plain.ts";
import { makePrivateFolder } from "../../files/write-whole.ts";
import { asksOf } from "../../fleet/batch/asks.ts";
import { copyJournal } from "../../fleet/batch/journal-copy.ts";
import { openParcels } from "../../fleet/batch/parcels.ts";
import { queuePlace } from "../../fleet/batch/queue-place.ts";
import { restoreBatch } from "../../fleet/batch/restore.ts";
import { type AttemptEvent, openAttempts } from "../../fleet/coordinator/attempts.ts";
import { figuresOf } from "../../fleet/coordinator/figures.ts";
import { lookAt } from "../../fleet/coordinator/look.ts";
import type { Offers } from "../../fleet/engine/engine.ts";
import { offersOn } from "../../fleet/engine/offers.ts";
import { shelfOn } from "../../fleet/engine/shelf.ts";
import { requireWorkTree, type WorkTree } from "../../workspace/git/find-work-tree.ts";
import { planTask } from "../command/task-plan.ts";
import { metricsTo } from "./metrics.ts";
import { type OpenQueue, refuseCopies } from "./open-queue.ts";
import type { QueueFlags } from "./queue-options.ts";

/** A batch whose tasks are carried out by workers on a queue. */
export interface Fleet {
  readonly place: Place;
  /** The journal, each line of which goes to the queue as well. */
  readonly log: BatchLog;
  /** Ends the connections. `done`: nothing of the batch stays on the queue. */
  close(done: boolean): Promise<void>;
}

type FleetFlags = QueueFlags & {
  readonly label?: string | undefined;
  readonly perMinute?: number | undefined;
  readonly metrics?: string | undefined;
};

export interface FleetOptions {
  readonly flags: FleetFlags;
  /** The caller closes it. */
  readonly queue: OpenQueue;
  readonly log: BatchLog;
  readonly paths: BatchPaths;
  readonly tree: WorkTree;
  readonly state: string;
  readonly say: (line: string) => void;
}

// A base that is larger than this is fetched by the workers themselves, from a remote of theirs.
const MOST_FILES = 256 * 1024 * 1024;

// A server that is away must not keep a batch that has come to its end.
const PATIENCE_MS = 10_000;

export async function openFleet(options: FleetOptions): Promise<Fleet> {
  const { flags, queue, log } = options;
  refuseCopies(log.schedule.begun.options.copies);
  const { perMinute = null } = flags;
  const offers = await offersOn({ ...queue, batch: log.schedule.begun.batch_id, perMinute });
  try {
    return await fleetOn({ ...options, offers });
  } catch (error) {
    await offers.stop();
    throw error;
  }
}

type Opened = FleetOptions & { readonly offers: Offers };

async function fleetOn({ flags, queue, log, paths, tree, state, say, offers }: Opened): Promise<Fleet> {
  const { key, redis } = queue;
  const { batch_id: batch, base, options, codex, root } = log.schedule.begun;
  const shelf = shelfOn({ redis, key });
  const onLost = (why: string) => say(`another machine could not go on from here: ${why}`);
  const copy = await copyJournal(paths.events, { shelf, key, batch, onLost });
  copy.update(null);
  await makePrivateFolder(paths.work);
  const parcels = openParcels({ ...{ tree, shelf, key, batch, base }, folder: paths.work, limit: MOST_FILES });
  const workers = await offers.workers();
  say(workers.size === 0 ? "no worker is on the queue yet" : `workers on the queue: ${workers.size}`);
  const doing = new Map<string, (line: string) => void>();
  const offered = { offered: 0, lost: 0 };
  const onEvent = async (event: AttemptEvent) => {
    if (event.event !== "running") offered[event.event] += 1;
    tell(event, doing, say);
  };
  const metrics = metricsTo(flags.metrics, tree.root, async () => {
    return figuresOf(log.schedule, await lookAt(offers, key, batch), offered);
  });
  const attempts = openAttempts({ offers, key, batch, now: Date.now, onEvent });
  const leave = async (done: boolean) => {
    // First: its look at the queue must end, also when what follows never does.
    const stopped = attempts.stop();
    await metrics.stop();
    await copy.settled();
    await stopped;
    if (!done) return;
    await offers.clear();
    await shelf.clear(batch);
  };
  return {
    place: queuePlace({
      ...{ tree, attempts, offers, parcels, codex, setup: options.setup, label: flags.label ?? null },
      patches: paths.patches,
      needs: (task) => needsOf(task, options.setup, { codex, root, state }),
      onWorker: (task, line) => void doing.set(task, line),
    }),
    log: {
      ...{ schedule: log.schedule, close: () => log.close() },
      record(type, payload) {
        log.record(type, payload);
        copy.update(patchIn(payload));
      },
    },
    async close(done) {
      const limit = timeLimit([], PATIENCE_MS);
      try {
        await unlessAborted(leave(done), limit.signal);
      } catch (error) {
        say(`the queue keeps what it has of this batch: ${limit.expired() ? "it does not answer" : messageOf(error)}`);
      } finally {
        limit.clear();
        // What still waits for a server that is away fails now.
        queue.close();
        await offers.stop();
      }
    },
  };
}

/** Where this machine does not know a batch, the queue may: it is written down here, and goes on in this repository. */
export async function restoreFrom(
  { key, redis }: OpenQueue,
  batch: string,
  paths: BatchPaths,
  folder: string,
): Promise<void> {
  const tree = await requireWorkTree(folder, {
    why: "A batch goes on in its repository",
    hint: "Name it with --workspace.",
  });
  await restoreBatch({ shelf: shelfOn({ redis, key }), key, batch, paths, tree });
}

async function needsOf(task: BatchTask, setup: string | null, place: Parameters<typeof planTask>[1]) {
  const asks = asksOf(await planTask(task, place), { setup, files: task.files });
  return { document: task.handoff === null ? null : readPlain(task.handoff.path, { follow: true }), asks };
}

function patchIn(payload: object): { readonly runId: string; readonly path: string } | null {
  if (!("result" in payload)) return null;
  const { run_id: runId, patch } = payload.result as { readonly run_id: string; readonly patch: string | null };
  return patch === null ? null : { runId, path: patch };
}

function tell(
  event: AttemptEvent,
  doing: ReadonlyMap<string, (line: string) => void>,
  say: (line: string) => void,
): void {
  const task = event.task.slice(0, event.task.lastIndexOf("."));
  if (event.event === "running") doing.get(task)?.(`${event.note.worker}: ${event.note.doing}`);
  if (event.event === "offered") doing.get(task)?.("waits for a worker");
  if (event.event === "lost") say(`${task}: ${event.why}; it is offered again`);
}
