import { ERROR_KINDS, type ErrorKind } from "../../errors.ts";
import type { BatchTask } from "../plan/task.ts";
import { isClean, type TaskResult } from "./result.ts";

/** Where a task of a batch is. */
export interface TaskState {
  readonly task: BatchTask;
  phase: "waiting" | "running" | "interrupted" | "ended";
  /** How often it was started. */
  tries: number;
  /** How often a rate limit gave it back. */
  requeued: number;
  /** The last try, while it runs and after it was interrupted. */
  now: Attempt | null;
  /** What the last try that ended came to. */
  result: TaskResult | null;
  /** It waits for, or has had, its second try on top of what it conflicted with. */
  returned: { readonly on: string; readonly files: readonly string[] } | null;
  leftOut: { readonly reason: "conflict" | "culprit"; readonly files: readonly string[] } | null;
  /** Tasks it waits for whose results are not clean yet. */
  unmet: number;
}

interface Attempt {
  readonly runId: string;
  readonly slot: number;
  readonly worktree: string | null;
  /** Codex has begun; null: it had not. */
  readonly sessionId: string | null;
  /** Why it is not known what it changed; null: it was killed, or runs. */
  readonly fault: string | null;
}

/** A result that others may begin with and that is brought together: clean, and not left out. */
export function counts({ phase, result, leftOut }: TaskState): boolean {
  return phase === "ended" && leftOut === null && result !== null && isClean(result);
}

export function waitingTask(task: BatchTask): TaskState {
  return {
    task,
    phase: "waiting",
    tries: 0,
    requeued: 0,
    now: null,
    result: null,
    returned: null,
    leftOut: null,
    unmet: task.after.length,
  };
}

/** A second try that is not clean, or changed nothing, leaves the first one as it was: in conflict. */
export function endTask(task: TaskState, result: TaskResult): void {
  if (result.stranded === true && task.now !== null) {
    task.phase = "interrupted";
    task.now = { ...task.now, fault: result.message };
    return;
  }
  task.phase = "ended";
  task.now = null;
  const resolved = result.status === "completed" && result.outside.length === 0 && result.patch !== null;
  if (task.returned === null || resolved) task.result = result;
  else if (!goesOn(result)) task.leftOut = { reason: "conflict", files: task.returned.files };
  else task.phase = "waiting";
}

/** It may still come to a result, now or when the batch goes on. */
export function isOpen(task: TaskState): boolean {
  const { phase, unmet } = task;
  return phase === "running" || phase === "interrupted" || (phase === "waiting" && unmet === 0) || beginsAnew(task);
}

/** After the coordinator was gone: what had not begun waits again; what may have written is interrupted. */
export function goOnTask(task: TaskState): void {
  if (task.phase === "running") {
    const safe = !task.task.writes || task.now?.sessionId === null;
    task.phase = safe ? "waiting" : "interrupted";
    if (safe) task.now = null;
  } else if (beginsAnew(task)) {
    task.phase = "waiting";
  }
}

function beginsAnew({ phase, result, leftOut }: TaskState): boolean {
  return phase === "ended" && result !== null && leftOut === null && goesOn(result);
}

/** It was ended from outside, or Codex could not work: its tree is thrown away, and it can begin anew. */
function goesOn({ status, error_kind: kind }: TaskResult): boolean {
  return (
    status === "cancelled" ||
    (kind !== null && kind in ERROR_KINDS && ERROR_KINDS[kind as ErrorKind].status === "fatal")
  );
}
