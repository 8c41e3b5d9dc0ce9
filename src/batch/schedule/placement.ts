import type { TaskState } from "./task-state.ts";

/** A try of a task on another machine, or a check of results. */
export interface Placement {
  /** `--check`: it belongs to no task. */
  readonly task: string;
  readonly runId: string;
  readonly machine: string;
  /** What it has left there, or is unknown, in words; null: nothing; undefined: it has not ended. */
  left: string | null | undefined;
}

/**
 * `running`: it is at work there, as far as is known; `unreachable`: it is not, and what it has left there is unchecked; `lost`: the
 * machine was lost in the middle, and what ran there is ended; `done`: nothing is left.
 */
export type PlacementState = "running" | "unreachable" | "lost" | "done";

/** Where a try is, by what is known of its task. */
export function placementState({ runId, left }: Placement, task: TaskState | undefined): PlacementState {
  const isOn = task === undefined || (task.phase === "running" && task.now?.runId === runId);
  if (left === undefined && isOn) return "running";
  if (left !== null) return "unreachable";
  return task?.result?.run_id === runId && task.result.error_kind === "machine_lost" ? "lost" : "done";
}
