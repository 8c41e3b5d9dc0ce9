import type { QueueLimits } from "./limits.ts";
import type { Hindrance } from "./may-delegate.ts";
import { type TaskQueue, type TaskState, taskOf } from "./task.ts";
import type { NewTask, TaskPayload } from "./task-event.ts";

/** What Codex wants done with the queue. */
export type QueueEdit =
  | { readonly action: "add"; readonly tasks: readonly NewTask[]; readonly before: string | null }
  | { readonly action: "reorder"; readonly order: readonly string[]; readonly reason: string }
  | { readonly action: "drop"; readonly task_id: string; readonly reason: string }
  | { readonly action: "split"; readonly task_id: string; readonly into: readonly NewTask[]; readonly reason: string };

/** The event to journal, or what is wrong with the edit. */
export type Edited =
  | { readonly type: "tasks_added"; readonly payload: TaskPayload<"tasks_added"> }
  | { readonly type: "tasks_reordered"; readonly payload: TaskPayload<"tasks_reordered"> }
  | { readonly type: "task_dropped"; readonly payload: TaskPayload<"task_dropped"> }
  | { readonly type: "task_split"; readonly payload: TaskPayload<"task_split"> }
  | { readonly type: "refused"; readonly hindrance: Hindrance };

/** Holds an edit against the queue and what the person allows. Pure. */
export function editQueue(queue: TaskQueue, edit: QueueEdit, limits: Pick<QueueLimits, "maxTasks">): Edited {
  switch (edit.action) {
    case "add": {
      const { tasks, before } = edit;
      const fault = newTasksFault(queue, tasks, limits) ?? (before === null ? null : unknownTask(queue, before));
      return fault ?? { type: "tasks_added", payload: { tasks: [...tasks], before } };
    }
    case "reorder": {
      const { order, reason } = edit;
      const unknown = order.map((id) => unknownTask(queue, id)).find((fault) => fault !== null);
      const twice = order.find((id, at) => order.indexOf(id) !== at);
      if (twice !== undefined) return refuse(`${twice} is named twice.`, "Name each task once.");
      return unknown ?? { type: "tasks_reordered", payload: { order: [...order], reason } };
    }
    case "drop": {
      const { task_id, reason } = edit;
      return notOpen(queue, task_id) ?? { type: "task_dropped", payload: { task_id, reason } };
    }
    case "split": {
      const { task_id, into, reason } = edit;
      const fault = notOpen(queue, task_id) ?? newTasksFault(queue, into, limits);
      if (fault !== null) return fault;
      if (into.length < 2) return refuse("A task is split into two or more.", "Name at least two parts in `into`.");
      return { type: "task_split", payload: { task_id, into: [...into], reason } };
    }
  }
}

function newTasksFault(queue: TaskQueue, tasks: readonly NewTask[], { maxTasks }: Pick<QueueLimits, "maxTasks">) {
  if (tasks.length === 0) return refuse("There is no task in it.", "Name at least one task.");
  const ids = tasks.map(({ task_id }) => task_id);
  const known = ids.find((id, at) => taskOf(queue, id) !== null || ids.indexOf(id) !== at);
  if (known !== undefined) return refuse(`There is a task ${known} already.`, "Give each task a task_id of its own.");
  const all = queue.tasks.length + tasks.length;
  if (all <= maxTasks) return null;
  return refuse(
    `That would be ${all} tasks, and the person allows ${maxTasks} (--max-tasks).`,
    "Plan fewer and larger tasks, or finish with what is there and say what is left.",
  );
}

const OVER: ReadonlySet<TaskState> = new Set(["completed", "planned", "dropped", "split", "running"]);

function notOpen(queue: TaskQueue, id: string) {
  const task = taskOf(queue, id);
  if (task === null) return unknownTask(queue, id);
  return OVER.has(task.state) ? refuse(`Task ${id} is ${task.state}.`, "Leave it as it is.") : null;
}

function unknownTask(queue: TaskQueue, id: string) {
  if (taskOf(queue, id) !== null) return null;
  const known = queue.tasks.map((task) => task.id).join(", ");
  return refuse(`There is no task ${id}.`, known === "" ? "The queue is empty." : `The tasks are: ${known}.`);
}

function refuse(what: string, change: string): Extract<Edited, { type: "refused" }> {
  return { type: "refused", hindrance: { what, change } };
}
