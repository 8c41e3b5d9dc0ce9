import type { StoredPlan } from "../../../src/ask/model/plan.ts";
import type { PayloadOf, SessionEvent, SessionEventType } from "../../../src/broker/store/session-event.ts";
import type { SessionOptions } from "../../../src/broker/store/session-options.ts";
import { fold, newSession, type SessionState } from "../../../src/broker/store/session-state.ts";
import type { OrchestrationOptions } from "../../../src/orchestrate/queue/options.ts";

/** The plan of a task without flags, as a session keeps it. */
export const PLAN: StoredPlan = {
  name: null,
  files: [],
  model: null,
  effort: null,
  sandbox: { mode: null, network: false, addDirs: [] },
  approvals: "never",
  config: [],
  limits: { totalMs: 600_000, idleMs: 180_000, retryWindowMs: 15_000 },
  checks: { expectFiles: [], verifyCommand: null, verifyRounds: 0, sandboxed: false },
};

/** What `start` makes of a task without flags. */
export const OPTIONS: SessionOptions = {
  plan: PLAN,
  workspace: "/work",
  workspaceAsked: true,
  readOnly: false,
  fullAuto: true,
  lingerSeconds: 300,
  lifeSeconds: 0,
  answerSeconds: 0,
  environment: { clean: false, keep: [] },
  sharedWorktree: false,
  worktree: null,
  orchestration: null,
  startedIn: "/work",
  from: null,
};

/** What a person allows an orchestration without flags. */
export const ORCHESTRATION: OrchestrationOptions = {
  ...{ toolsVersion: 1, maxTasks: 20, parallel: 1, budgetMinutes: 60, budgetUsd: null, claudeModel: null },
  ...{ executor: "claude", executorSettings: "none", scope: [], forbid: [], validation: [], bulkFiles: 30 },
  dryRun: false,
};

export const AT = "2026-01-02T03:04:05.678Z";

export function event<Type extends SessionEventType>(type: Type, payload: PayloadOf<Type>): SessionEvent {
  return { timestamp: AT, type, payload } as SessionEvent;
}

/** How a run ended; what is not said is as it is when all went well. */
export function finished(more: Partial<PayloadOf<"run_finished">> = {}): SessionEvent {
  return event("run_finished", {
    ...{ run_id: "run", status: "completed", output_path: "/report.md", exit_code: 0, message_id: "m" },
    ...{ error_kind: null, questions: [], queue_held: false, unanswered: false },
    ...more,
  });
}

/** The session after these events. */
export function play(...events: readonly SessionEvent[]): SessionState {
  return events.reduce(fold, newSession({ broker_id: "id", options: OPTIONS }, AT));
}
