import type { Inspected } from "../../../src/broker/command/inspect-session.ts";
import { PLAIN } from "../../../src/broker/store/plain-options.ts";
import type { PayloadOf, SessionEventType } from "../../../src/broker/store/session-event.ts";
import { fold, newSession, type SessionState } from "../../../src/broker/store/session-state.ts";
import { toStateFile } from "../../../src/broker/store/state-file.ts";
import { AT, OPTIONS, ORCHESTRATION, PLAN } from "./session.ts";

const question = {
  id: "q",
  header: "Q",
  question: "Which?",
  options: [{ label: "this", description: "that" }],
};

const options: PayloadOf<"session_started">["options"] = {
  ...OPTIONS,
  plan: {
    ...PLAN,
    ...{ name: "a-name", model: "a-model", effort: "high", approvals: "on-request", files: ["a.ts"] },
    sandbox: { mode: "workspace-write", network: false, addDirs: [] },
  },
  ...{ workspace: "/w", startedIn: "/w", lifeSeconds: 172_800, answerSeconds: 86_400 },
  worktree: { repository: "/w", folder: "/s/worktree", base: "0000" },
  orchestration: ORCHESTRATION,
};

const part = { task_id: "t-1", title: "A task", type: "bugfix" };

/** One payload of every event; the compiler sees to it that nothing is missing, of the types and of each one's keys. */
export const payloads: { readonly [Type in SessionEventType]: PayloadOf<Type> } = {
  session_started: { broker_id: "b", options },
  worker_started: { pid: 1 },
  worker_stopped: { reason: "linger" },
  message_accepted: { message_id: "m", message: "Do it", mode: "queue", key: null, options: PLAIN },
  run_started: { run_id: "r", message: "Do it", message_id: "m" },
  thread_opened: { session_id: "s" },
  run_finished: {
    run_id: "r",
    status: "completed",
    output_path: "/r/report.md",
    exit_code: 0,
    message_id: "m",
    error_kind: null,
    questions: [],
    queue_held: false,
    unanswered: false,
  },
  queue_released: {},
  renamed: { name: "other" },
  flags_wanted: { message_id: "m", flags: "--network" },
  interrupt_requested: {},
  steer_started: { message_id: "m" },
  message_steered: { message_id: "m", run_id: "r" },
  steer_missed: { message_id: "m" },
  message_interrupted: { message_id: "m" },
  request_opened: { request_id: "0", type: "question", questions: [question], what: "", reason: "" },
  question_answered: { request_id: "0", question_id: "q", text: "this", message_id: null },
  request_closed: { request_id: "0", how: "answered", reason: "" },
  codex_lost: { message: "gone" },
  stop_requested: {},
  tasks_added: { tasks: [part], before: null },
  tasks_reordered: { order: ["t-1"], reason: "first things first" },
  task_dropped: { task_id: "t-1", reason: "not needed" },
  task_split: { task_id: "t-1", into: [part], reason: "too large" },
  request_refused: { task_id: "t-1", refusals: [{ what: "Two faults.", change: "Fix them." }] },
  delegation_started: {
    ...{ delegation_id: "d", task_id: "t-1", type: "bugfix", correction: false },
    ...{ workspace: "/w", folder: "/s/d", state: "/s" },
  },
  delegation_working: { delegation_id: "d", executor: "claude", conversation: "c" },
  delegation_finished: {
    ...{ delegation_id: "d", task_id: "t-1", verdict: "completed", executor: "claude", error_kind: null, error: null },
    ...{ files: ["a.ts"], lines_changed: 3 },
    validation: [{ command: "npm test", passed: true, sandboxed: false }],
    ...{ findings: [], violations: [], failures: [], conflict: [], undone: [], bring_back: null, meanwhile: [] },
    ...{ notes: "Done.", conversation: "c", input_tokens: 1, output_tokens: 2, list_price_usd: 0.01, model: "m" },
    ...{ commit: null, elapsed_ms: 5, report: "/s/d/report.md" },
  },
  person_asked: { task_id: "t-1", question: "Which?", answer: "This." },
  question_left: { question: "Which?" },
  time_spent: { ms: 5 },
};

const open = { ...payloads.request_opened, answers: {} };

/** A session that has something of everything, whether it could ever come together or not. */
const full: SessionState = {
  ...fold(newSession(payloads.session_started, AT), {
    timestamp: AT,
    type: "tasks_added",
    payload: payloads.tasks_added,
  }),
  threadId: "s",
  run: { runId: "r", messageId: "m" },
  lastRun: {
    runId: "r",
    message: "Do it",
    status: "error",
    exitCode: 1,
    errorKind: "turn_failed",
    outputPath: "/r/report.md",
    questions: ["Which?"],
    unanswered: false,
  },
  openRequests: [open, { ...open, request_id: "1", type: "approval", questions: [], what: "run ls" }],
  queueHeld: true,
  wantedFlags: "--network",
};

export const fullState = toStateFile(full, {
  folder: "/s",
  pending: 2,
  codexPid: 2,
  latestProgress: "[codex] works",
  latestSummary: "It works.",
});

export const fullSession: Inspected = {
  state: fullState,
  worker: "alive",
  live: {
    phase: "thinking",
    last_event: "item_started",
    last_event_age: 1,
    running_command: "ls",
    last_command: "ls",
    tokens: 1,
    plan: [{ step: "first", status: "pending" }],
    delegations: [{ task_id: "t-1", executor: "claude", seconds: 3, action: "Edit a.ts" }],
  },
  recovered: false,
};
