import { type Task, type TaskQueue, taskOf } from "./task.ts";

// A third try of the same would fare no better.
const MOST_FAILURES = 2;

/** Why a task may not be delegated now, and what to do instead. */
export interface Hindrance {
  readonly what: string;
  readonly change: string;
}

/** What the rules of the queue say against delegating this task; null: nothing. A task that is not in the queue yet is a new one. */
export function hindranceOf(queue: TaskQueue, id: string): Hindrance | null {
  const task = taskOf(queue, id);
  return task === null ? null : hindrance(task);
}

function hindrance({ id, state, failures, violations, asked }: Task): Hindrance | null {
  switch (state) {
    case "running":
      return { what: `Task ${id} is being worked on.`, change: "Wait for its verdict." };
    case "completed":
    case "planned":
      return { what: `Task ${id} is ${state}.`, change: "Give further work a task_id of its own." };
    case "dropped":
    case "split":
      return { what: `Task ${id} was ${state}.`, change: "Delegate the tasks that are left in the queue." };
    case "blocked":
      return asked
        ? null
        : {
            what: `Task ${id} is blocked, and no one has been asked about it.`,
            change: `Call ask_person with task_id ${id}, then delegate it again with the answer in its requirements.`,
          };
    case "violated":
      if (violations >= MOST_FAILURES)
        return {
          what: `Task ${id} left its scope twice: it is not delegated again.`,
          change: "Split it into tasks with a scope that fits each, or drop it with the reason.",
        };
      return tooOften(id, failures);
    case "queued":
    case "failed":
    case "interrupted":
      return tooOften(id, failures);
  }
}

function tooOften(id: string, failures: number): Hindrance | null {
  if (failures < MOST_FAILURES) return null;
  return {
    what: `Task ${id} has failed twice.`,
    change: "Split it into smaller tasks (task_queue, action split, with the reason) before it is tried again.",
  };
}
