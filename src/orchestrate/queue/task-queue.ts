import { unreachable } from "../../errors.ts";
import { type FinishedDelegation, type Task, type TaskQueue, type TaskState, taskOf } from "./task.ts";
import type { NewTask, TaskEvent, TaskPayload } from "./task-event.ts";

/** What the queue is after this event. Pure. */
export function foldTasks(queue: TaskQueue, event: TaskEvent): TaskQueue {
  switch (event.type) {
    case "tasks_added":
      return inserted(
        queue,
        event.payload.tasks.map((task) => toTask(task, null)),
        event.payload.before,
      );
    case "tasks_reordered":
      return reordered(queue, event.payload.order);
    case "task_dropped": {
      const { task_id, reason } = event.payload;
      return changed(queue, task_id, (task) => ({ ...task, state: "dropped", reason }));
    }
    case "task_split":
      return split(queue, event.payload);
    case "request_refused":
      return { ...queue, refused: [...queue.refused, event.payload] };
    case "delegation_started":
      return started(queue, event);
    case "delegation_working":
      return working(queue, event.payload);
    case "delegation_finished":
      return finished(queue, event.payload);
    case "person_asked":
      return asked(queue, event.payload);
    case "question_left":
      return { ...queue, leftQuestion: event.payload.question };
    case "time_spent":
      return { ...queue, spentMs: event.payload.ms };
    default:
      return unreachable(event);
  }
}

function toTask({ task_id, title, type }: NewTask, parent: string | null): Task {
  return {
    ...{ id: task_id, title, type, parent, state: "queued", verdict: null, failures: 0, violations: 0, asked: false },
    ...{ parts: [], reason: null, conversation: null, conflict: [] },
  };
}

function inserted(queue: TaskQueue, tasks: readonly Task[], before: string | null): TaskQueue {
  const at = before === null ? -1 : queue.tasks.findIndex(({ id }) => id === before);
  const place = at === -1 ? queue.tasks.length : at;
  return { ...queue, tasks: [...queue.tasks.slice(0, place), ...tasks, ...queue.tasks.slice(place)] };
}

/** The tasks that are named come first among those that were named, in this order; the others keep their places. */
function reordered(queue: TaskQueue, order: readonly string[]): TaskQueue {
  const named = order.flatMap((id) => taskOf(queue, id) ?? []);
  const places = new Set(named);
  let next = 0;
  return { ...queue, tasks: queue.tasks.map((task) => (places.has(task) ? (named[next++] ?? task) : task)) };
}

function split(queue: TaskQueue, { task_id, into, reason }: TaskPayload<"task_split">): TaskQueue {
  const parts = into.map((task) => toTask(task, task_id));
  const at = queue.tasks.findIndex(({ id }) => id === task_id);
  const marked = changed(queue, task_id, (task) => ({
    ...task,
    state: "split",
    reason,
    parts: parts.map(({ id }) => id),
  }));
  return inserted(marked, parts, marked.tasks[at + 1]?.id ?? null);
}

function started(queue: TaskQueue, { payload, timestamp }: Extract<TaskEvent, { type: "delegation_started" }>) {
  const { delegation_id: id, task_id: taskId, type, workspace, folder, state } = payload;
  const running = {
    id,
    taskId,
    type,
    workspace,
    folder,
    state,
    startedAt: timestamp,
    executor: null,
    conversation: null,
  };
  const next = changed(queue, taskId, (task) => ({ ...task, type, state: "running" }));
  return { ...next, running: [...queue.running, running] };
}

function working(queue: TaskQueue, payload: TaskPayload<"delegation_working">): TaskQueue {
  const { delegation_id, executor, conversation } = payload;
  const running = queue.running.map((one) => (one.id === delegation_id ? { ...one, executor, conversation } : one));
  return { ...queue, running };
}

function finished(queue: TaskQueue, outcome: FinishedDelegation): TaskQueue {
  const { delegation_id, task_id, verdict, executor, conversation: id, conflict, list_price_usd } = outcome;
  const workspace = queue.running.find((one) => one.id === delegation_id)?.workspace ?? "";
  const running = queue.running.filter((one) => one.id !== delegation_id);
  const spentUsd = queue.spentUsd + (list_price_usd ?? 0);
  const next = { ...queue, running, spentUsd, finished: [...queue.finished, outcome] };
  const state = stateAfter(verdict);
  return changed(next, task_id, (task) => ({
    ...task,
    state,
    verdict,
    asked: false,
    // The task has not failed because others were faster.
    failures: task.failures + ((state === "failed" && verdict !== "conflict") || state === "violated" ? 1 : 0),
    violations: task.violations + (state === "violated" ? 1 : 0),
    conversation: id === null || executor === null ? task.conversation : { executor, id, workspace },
    conflict,
  }));
}

/** What a task is after a delegation of this verdict. */
function stateAfter(verdict: string): TaskState {
  switch (verdict) {
    case "completed":
    case "planned":
    case "blocked":
    case "violated":
    case "interrupted":
      return verdict;
    case "refused":
      return "queued";
    default:
      return "failed";
  }
}

/** A question names the task that it is about; one that names none is about all that are blocked. */
function asked(queue: TaskQueue, { task_id }: TaskPayload<"person_asked">): TaskQueue {
  const about = (task: Task) => (task_id === null ? task.state === "blocked" : task.id === task_id);
  const tasks = queue.tasks.map((task) => (about(task) ? { ...task, asked: true } : task));
  return { ...queue, tasks, leftQuestion: null };
}

function changed(queue: TaskQueue, id: string, change: (task: Task) => Task): TaskQueue {
  return { ...queue, tasks: queue.tasks.map((task) => (task.id === id ? change(task) : task)) };
}
