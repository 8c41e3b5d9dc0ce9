import type { TaskPayload } from "./task-event.ts";

/** The words of a task's state. */
export const TASK_STATES = [
  "queued",
  "running",
  "completed",
  "planned",
  "failed",
  "blocked",
  "violated",
  "interrupted",
  "dropped",
  "split",
] as const;
export type TaskState = (typeof TASK_STATES)[number];

export interface Task {
  readonly id: string;
  readonly title: string;
  readonly type: string | null;
  readonly state: TaskState;
  /** The verdict of its last delegation; null: there was none. */
  readonly verdict: string | null;
  /** Delegations that came to nothing, but for those that were interrupted. */
  readonly failures: number;
  readonly violations: number;
  /** Asked about since it was blocked. */
  readonly asked: boolean;
  /** The task that it is a part of. */
  readonly parent: string | null;
  readonly parts: readonly string[];
  /** Why it was dropped or split. */
  readonly reason: string | null;
  /** What a correction goes on with. */
  readonly conversation: Conversation | null;
  /** Files in which the work of its last delegation did not merge: nothing of it is in the tree. */
  readonly conflict: readonly string[];
}

interface Conversation {
  readonly executor: string;
  readonly id: string;
  /** The work tree that it was had in: Claude Code finds it only there. */
  readonly workspace: string;
}

/** A delegation that is under way. */
export interface RunningDelegation {
  readonly id: string;
  readonly taskId: string;
  readonly type: string;
  readonly executor: string | null;
  readonly conversation: string | null;
  readonly workspace: string;
  readonly folder: string;
  /** The state folder, whose ledger counts it. */
  readonly state: string;
  readonly startedAt: string;
}

export type FinishedDelegation = TaskPayload<"delegation_finished">;

/** The tasks of an orchestration, in the order in which they will be done, and what became of them. */
export interface TaskQueue {
  readonly tasks: readonly Task[];
  readonly running: readonly RunningDelegation[];
  readonly finished: readonly FinishedDelegation[];
  readonly refused: readonly TaskPayload<"request_refused">[];
  /** What `ask_person` was asked last when its turn ended without an answer. */
  readonly leftQuestion: string | null;
  readonly spentMs: number;
  /** Of all executors, at list prices. */
  readonly spentUsd: number;
}

export const NO_TASKS: TaskQueue = {
  ...{ tasks: [], running: [], finished: [], refused: [], leftQuestion: null, spentMs: 0, spentUsd: 0 },
};

export function taskOf(queue: TaskQueue, id: string): Task | null {
  return queue.tasks.find((task) => task.id === id) ?? null;
}
