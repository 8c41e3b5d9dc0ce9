import { toBatchResult } from "../../batch/report/result.ts";
import { type BatchOutcome, outcomeOf, type TaskEnd } from "../../batch/run/outcome.ts";
import type { Schedule } from "../../batch/schedule/schedule.ts";
import { UsageError } from "../../errors.ts";
import { isThere } from "../../files/look.ts";
import { writeOut } from "../edge/stdio.ts";
import type { QueueFlags } from "../fleet/queue-options.ts";
import { lines } from "../output/value-lines.ts";
import { batchPairs } from "./lines.ts";
import { type BatchSight, lookAtBatch } from "./sight.ts";

/** `ask_codex batch status`: how far a batch is, or was when its process ended; with a queue also what that knows of it. */
export async function status(
  given: string | undefined,
  { json, ...flags }: QueueFlags & { readonly json: boolean },
): Promise<number> {
  await lookAtBatch(given, flags, (sight) => printStatus(sight, json));
  return 0;
}

export async function printStatus(sight: BatchSight, json: boolean): Promise<void> {
  const schedule = await sight.schedule();
  if (schedule === null) throw new UsageError(`The queue no longer knows the batch ${sight.id}.`);
  const { text, object } = await statusOf(sight, schedule);
  if (sight.window === null) return writeOut(json ? `${JSON.stringify(object)}\n` : text);
  const look = await sight.window.look();
  const { queueLines } = await import("../fleet/queue-status.ts");
  writeOut(json ? `${JSON.stringify({ ...object, queue: look })}\n` : text + queueLines(look));
}

async function statusOf({ paths, isAlive }: BatchSight, schedule: Schedule) {
  const { finished } = schedule;
  const report = (await isThere(paths.report)) ? paths.report : null;
  const alive = await isAlive();
  const ended = finished === null ? "gone" : "done";
  const coordinator = alive === null ? "elsewhere" : alive ? "running" : ended;
  const found = outcomeOf(schedule, finished?.signal ?? null);
  // The status of a batch that is not at its end says nothing yet.
  const open = alive === false ? "interrupted" : "running";
  const word = alive !== true && finished !== null ? finished.status : open;
  const seen = word === "running" ? { ...found, error: null } : found;
  const outcome = coordinator === "gone" ? asLeft(seen, schedule) : seen;
  const text =
    lines([["coordinator", coordinator]]) + batchPairs(outcome, report).replace(/^status=.*$/m, `status=${word}`);
  const object = { ...toBatchResult(outcome, report), status: word, coordinator };
  return { text, object: word === "running" ? { ...object, exit_code: null } : object };
}

/** What ran under a coordinator that is gone runs no more; but what was offered on a queue, and so has no worktree here, may. */
function asLeft(outcome: BatchOutcome, { begun }: Schedule): BatchOutcome {
  const mayRun = ({ state }: TaskEnd) => begun.options.worktrees && state.now?.worktree === null;
  const tasks = outcome.tasks.map((end) =>
    end.status === "running" && !mayRun(end) ? { ...end, status: "interrupted" } : end,
  );
  return { ...outcome, tasks };
}
