import type { BatchOptions } from "../../../src/batch/plan/options.ts";
import type { BatchTask } from "../../../src/batch/plan/task.ts";
import type { BatchEvent, BatchEventType, PayloadOf } from "../../../src/batch/schedule/event.ts";
import type { TaskResult } from "../../../src/batch/schedule/result.ts";
import { newSchedule, type Schedule } from "../../../src/batch/schedule/schedule.ts";

/** A task as a batch carries it out; what a test says counts. */
export function batchTask(id: string, given: Partial<BatchTask> = {}): BatchTask {
  return {
    id,
    prompt: `Do ${id}.`,
    handoff: null,
    after: [],
    files: null,
    writes: true,
    read: [],
    sandbox: null,
    role: null,
    model: null,
    reasoning: null,
    verifyCommand: null,
    verifyRounds: null,
    expectFiles: [],
    timeout: null,
    idleTimeout: null,
    ...given,
  };
}

/** The beginning of a batch's journal. */
export function batchBegun(
  tasks: readonly BatchTask[],
  options: Partial<BatchOptions> = {},
): PayloadOf<"batch_started"> {
  return {
    batch_id: "20261128-000000-000-0000000000000000",
    root: "/repository",
    base: "base",
    from: "-",
    options: {
      ...{ parallel: 3, worktrees: true, merge: "apply", check: null, setup: null },
      ...{ copies: [], failFast: false, maxTokens: null, machines: [] },
      ...options,
    },
    tasks,
    codex: {
      ...{ model: null, reasoning: null, config: [], timeout: 60, idleTimeout: 60, retryWindow: 1 },
      ...{ verifyRounds: 1, cleanEnv: false, sandboxChecks: false, keepEnv: [] },
    },
  };
}

/** A schedule, and a way to tell it what happens. */
export function scheduleOf(tasks: readonly BatchTask[], options: Partial<BatchOptions> = {}) {
  const schedule: Schedule = newSchedule(batchBegun(tasks, options), "2026-11-28T00:00:00.000Z");
  const tell = <Type extends BatchEventType>(type: Type, payload: PayloadOf<Type>) =>
    schedule.apply({ timestamp: "2026-11-28T00:00:00.000Z", type, payload } as BatchEvent);
  return {
    schedule,
    tell,
    start: (id: string, worktree: string | null = null) =>
      tell("task_started", { id, run_id: `run-${id}`, slot: 0, base: "base", worktree }),
    finish: (id: string, result: Partial<TaskResult> = {}) => tell("task_finished", { id, result: taskResult(result) }),
  };
}

/** What a try came to: clean, where a test says nothing else. */
export function taskResult(given: Partial<TaskResult> = {}): TaskResult {
  return {
    ...{ status: "completed", error_kind: null, message: null, run_id: "run", session_id: "session" },
    ...{ output_path: null, verdict: null, tokens: 10, elapsed_ms: 1, base: "base", patch: null, files: 0 },
    ...{ outside: [], missing: [] },
    ...given,
  };
}
