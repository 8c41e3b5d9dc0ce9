import type { Status } from "../../errors.ts";
import type { Task, TaskQueue, TaskState } from "./task.ts";

const DONE: ReadonlySet<TaskState> = new Set(["completed", "planned", "dropped", "split"]);

/** The tasks that are not done yet. */
export function openTasks({ tasks }: TaskQueue): readonly Task[] {
  return tasks.filter(({ state }) => !DONE.has(state));
}

/**
 * How an orchestration ends whose Codex has finished: every task is completed, or dropped or split with a reason; else the contract was
 * broken last in one of them; else it did not come to what was asked for. A queue without a task has done nothing.
 */
export function statusOfQueue(
  queue: TaskQueue,
): Extract<Status, "completed" | "validation_failed" | "contract_violation"> {
  const open = openTasks(queue);
  if (open.length === 0 && queue.tasks.length > 0) return "completed";
  return open.some(({ verdict }) => verdict === "violated") ? "contract_violation" : "validation_failed";
}
