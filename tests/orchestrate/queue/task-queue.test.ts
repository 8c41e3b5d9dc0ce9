import { expect, test } from "vitest";
import { editQueue, type QueueEdit } from "../../../src/orchestrate/queue/edit-queue.ts";
import { usedUp } from "../../../src/orchestrate/queue/limits.ts";
import { hindranceOf } from "../../../src/orchestrate/queue/may-delegate.ts";
import { statusOfQueue } from "../../../src/orchestrate/queue/status.ts";
import { NO_TASKS, type TaskQueue } from "../../../src/orchestrate/queue/task.ts";
import { foldTasks } from "../../../src/orchestrate/queue/task-queue.ts";
import { payloads } from "../../support/samples/sessions.ts";

const LIMITS = { maxTasks: 5 };

test("parts stand where the task stood that they are parts of", () => {
  const queue = play(
    added("a", "b"),
    edited({ action: "split", task_id: "a", into: tasks("a1", "a2"), reason: "large" }),
  );
  expect(queue.tasks.map(({ id, state }) => `${id} ${state}`)).toEqual([
    "a split",
    "a1 queued",
    "a2 queued",
    "b queued",
  ]);
});

test("a new order moves the tasks that it names, and keeps the places of the others", () => {
  const queue = play(
    added("a", "b", "c"),
    edited({ action: "reorder", order: ["c", "a"], reason: "first things first" }),
  );
  expect(queue.tasks.map(({ id }) => id)).toEqual(["c", "b", "a"]);
});

test.each<{ name: string; edit: QueueEdit; says: string }>([
  {
    name: "more tasks than allowed",
    edit: { action: "add", tasks: tasks("c", "d", "e", "f"), before: null },
    says: "--max-tasks",
  },
  { name: "a name that is taken", edit: { action: "add", tasks: tasks("a"), before: null }, says: "a already" },
  { name: "a place that is not there", edit: { action: "add", tasks: tasks("c"), before: "x" }, says: "no task x" },
  { name: "one part", edit: { action: "split", task_id: "a", into: tasks("a1"), reason: "r" }, says: "two or more" },
  { name: "an unknown task", edit: { action: "drop", task_id: "x", reason: "r" }, says: "no task x" },
  { name: "a name twice", edit: { action: "reorder", order: ["a", "a"], reason: "r" }, says: "named twice" },
])("an edit with $name is refused", ({ edit, says }) => {
  const result = editQueue(play(added("a", "b")), edit, LIMITS);
  expect(result.type === "refused" ? result.hindrance.what : result).toContain(says);
});

test.each([
  { verdicts: [], may: true },
  { verdicts: ["failed"], may: true },
  { verdicts: ["interrupted", "interrupted", "interrupted"], may: true },
  { verdicts: ["failed", "no_change"], may: false },
  { verdicts: ["violated"], may: true },
  { verdicts: ["violated", "violated"], may: false },
  { verdicts: ["completed"], may: false },
  { verdicts: ["blocked"], may: false },
])("after $verdicts a task may be delegated: $may", ({ verdicts, may }) => {
  const queue = play(added("a"), ...verdicts.map((verdict) => ended("a", verdict)));
  expect(hindranceOf(queue, "a") === null).toBe(may);
});

test("a blocked task may be delegated once it was asked about, and is blocked anew when it is again", () => {
  const asked = play(added("a"), ended("a", "blocked"), {
    type: "person_asked",
    payload: { task_id: null, question: "?", answer: "!" },
  });
  expect(hindranceOf(asked, "a")).toBeNull();
  expect(hindranceOf(foldTasks(asked, at(ended("a", "blocked"))), "a")).not.toBeNull();
});

test.each([
  { verdicts: {}, status: "validation_failed" },
  { verdicts: { a: "completed", b: "completed" }, status: "completed" },
  { verdicts: { a: "completed", b: "failed" }, status: "validation_failed" },
  { verdicts: { a: "completed" }, status: "validation_failed" },
  { verdicts: { a: "violated", b: "failed" }, status: "contract_violation" },
])("$verdicts comes to $status", ({ verdicts, status }) => {
  const queue = play(added("a", "b"), ...Object.entries(verdicts).map(([id, verdict]) => ended(id, verdict)));
  expect(statusOfQueue(queue)).toBe(status);
});

test("what is dropped or split with a reason is done; a queue without a task has done nothing", () => {
  const dropped = play(
    added("a", "b"),
    ended("a", "violated"),
    edited({ action: "drop", task_id: "a", reason: "r" }),
    ended("b", "completed"),
  );
  expect(statusOfQueue(dropped)).toBe("completed");
  expect(statusOfQueue(NO_TASKS)).toBe("validation_failed");
});

test("time and money are used up at their limits, and not before", () => {
  const queue = { ...NO_TASKS, spentUsd: 0.5 };
  const limits = { maxTasks: 1, budgetMinutes: 1, budgetUsd: 0.5 };
  expect(usedUp({ ...limits, budgetUsd: 0.6 }, queue, 59_999)).toBeNull();
  expect(usedUp(limits, queue, 0)).toContain("--budget-usd");
  expect(usedUp({ ...limits, budgetUsd: null }, queue, 60_000)).toContain("--budget-minutes");
});

type Happened = {
  readonly [T in Event["type"]]: { type: T; payload: Extract<Event, { type: T }>["payload"] };
}[Event["type"]];
type Event = Parameters<typeof foldTasks>[1];

function at(event: Happened): Event {
  return { timestamp: "2026-01-02T03:04:05.678Z", ...event } as Event;
}

/** Edits are held against the queue as it is by then. */
function play(...steps: readonly (Happened | ((queue: TaskQueue) => Happened))[]): TaskQueue {
  return steps.reduce<TaskQueue>(
    (queue, step) => foldTasks(queue, at(typeof step === "function" ? step(queue) : step)),
    NO_TASKS,
  );
}

function edited(edit: QueueEdit) {
  return (queue: TaskQueue): Happened => {
    const result = editQueue(queue, edit, LIMITS);
    if (result.type === "refused") throw new Error(result.hindrance.what);
    return result;
  };
}

function tasks(...ids: readonly string[]) {
  return ids.map((task_id) => ({ task_id, title: task_id, type: null }));
}

function added(...ids: readonly string[]): Happened {
  return { type: "tasks_added", payload: { tasks: tasks(...ids), before: null } };
}

function ended(task_id: string, verdict: string): Happened {
  return { type: "delegation_finished", payload: { ...payloads.delegation_finished, task_id, verdict } };
}
