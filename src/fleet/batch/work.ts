import * as z from "zod/mini";
import { codexOptions } from "../../batch/plan/options.ts";
import { batchTask } from "../../batch/plan/task.ts";
import { taskResult } from "../../batch/schedule/result.ts";

/** A task of a batch as it travels in an offer. */
const travellingTask = z.object({
  task: batchTask,
  /** What the task's document says, when it has one; at the worker it lies beside the work tree. */
  document: z.nullable(z.string()),
  codex: codexOptions,
  setup: z.nullable(z.string()),
});

export type TravellingTask = z.infer<typeof travellingTask>;

/** What it came to, as it travels back; the patch is beside it, in the answer. */
const travellingResult = z.object({ result: taskResult, report: z.nullable(z.string()) });

export type TravellingResult = z.infer<typeof travellingResult>;

/** @throws Error when an answer or an offer holds something else */
export function asTravellingTask(work: unknown): TravellingTask {
  return travellingTask.parse(work);
}

export function asTravellingResult(work: unknown): TravellingResult {
  return travellingResult.parse(work);
}
