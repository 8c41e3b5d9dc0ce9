import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { toBatchResult } from "../../batch/report/result.ts";
import { outcomeOf } from "../../batch/run/outcome.ts";
import { batchPaths, readSchedule } from "../../batch/schedule/journal.ts";
import { isErrno, UsageError } from "../../errors.ts";
import { isThere } from "../../files/look.ts";
import { holderOf } from "../../process/hold.ts";
import { stateFolder } from "../edge/folders.ts";
import { writeOut } from "../edge/stdio.ts";
import type { QueueFlags } from "../fleet/queue-options.ts";
import type { QueueStatus } from "../fleet/queue-status.ts";
import { lines, type Pair } from "../output/value-lines.ts";
import { batchPairs } from "./lines.ts";

/** `ask_codex batch status`: how far a batch is, or was when its process ended; with a queue also what that knows of it. */
export async function status(
  given: string | undefined,
  { json, ...flags }: QueueFlags & { readonly json: boolean },
): Promise<number> {
  const id = await batchId(given, stateFolder());
  const { text, object } = await statusOf(id);
  const queue = await onQueue(flags, id);
  const whole = queue === null ? object : { ...object, queue };
  writeOut(json ? `${JSON.stringify(whole)}\n` : text + (queue === null ? "" : queueLines(queue)));
  return 0;
}

async function onQueue(flags: QueueFlags, id: string): Promise<QueueStatus | null> {
  if (flags.queue === undefined && flags.queueKey === undefined) return null;
  return (await import("../fleet/queue-status.ts")).queueStatus(flags, id);
}

function queueLines({ workers, leases }: QueueStatus): string {
  return lines([
    ...workers.map(({ worker, doing }): Pair => ["worker", `${worker} busy=${doing}`]),
    ...leases.map(({ task, state, worker, doing }): Pair => {
      return ["lease", `${task} ${state}${worker === null ? "" : ` ${worker}: ${doing}`}`];
    }),
  ]);
}

/** The batch that is meant: the last one, where none is named. */
export async function batchId(given: string | undefined, state: string): Promise<string> {
  const ids = await readdir(join(state, "batches")).catch((error) => {
    if (isErrno(error, "ENOENT")) return [];
    throw error;
  });
  ids.sort();
  const found = ids.findLast((id) => id.startsWith(given ?? ""));
  if (found !== undefined) return found;
  if (ids.length === 0) throw new UsageError("There is no batch yet.", "Start one: ask_codex batch <plan>");
  throw new UsageError(`There is no batch ${given}.`, `The last ones: ${ids.slice(-3).reverse().join(", ")}.`);
}

async function statusOf(id: string) {
  const paths = batchPaths(stateFolder(), id);
  const schedule = readSchedule(paths, id);
  const outcome = outcomeOf(schedule, null);
  const report = (await isThere(paths.report)) ? paths.report : null;
  const holder = await holderOf(paths.hold);
  const coordinator = holder !== null ? "running" : schedule.finished === null ? "gone" : "done";
  // The status of a batch that is not at its end says nothing yet.
  const word = holder !== null ? "running" : schedule.finished === null ? "interrupted" : schedule.finished.status;
  const text =
    lines([["coordinator", coordinator]]) + batchPairs(outcome, report).replace(/^status=.*$/m, `status=${word}`);
  return { text, object: { ...toBatchResult(outcome, report), status: word, coordinator } };
}
