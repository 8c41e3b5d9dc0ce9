import { GrownSet } from "../../bounds/grown.ts";
import { unreachable } from "../../errors.ts";
import { NO_TASKS, type TaskQueue } from "../../orchestrate/queue/task.ts";
import { foldTasks } from "../../orchestrate/queue/task-queue.ts";
import type { OpenRequestFields } from "./open-request.ts";
import type { PayloadOf, SessionEvent } from "./session-event.ts";
import type { SessionOptions } from "./session-options.ts";
import type { RunStatus, SessionStatus } from "./statuses.ts";

/** A session as its journal has it. */
export interface SessionState {
  readonly brokerId: string;
  readonly options: SessionOptions;
  readonly threadId: string | null;
  readonly run: { readonly runId: string; readonly messageId: string } | null;
  readonly lastRun: {
    readonly runId: string;
    readonly message: string;
    readonly status: RunStatus;
    readonly exitCode: number | null;
    readonly errorKind: string | null;
    readonly outputPath: string | null;
    readonly questions: readonly string[];
    readonly unanswered: boolean;
  } | null;
  /** Messages on their way into a running turn. */
  readonly steering: ReadonlySet<string>;
  readonly openRequests: readonly StoredRequest[];
  /** Every message that has come to an end: it must not run again. */
  readonly settled: GrownSet<string>;
  readonly accepted: GrownSet<string>;
  /** The queue waits until someone says go on: the last run failed in a way that the next would as well. */
  readonly queueHeld: boolean;
  /** The flags that the next message waits for. */
  readonly wantedFlags: string | null;
  readonly workerPid: number | null;
  readonly stopped: boolean;
  /** Of an orchestration. */
  readonly tasks: TaskQueue;
  readonly startedAt: string;
  readonly updatedAt: string;
}

interface StoredRequest extends OpenRequestFields {
  /** What was said so far, by the question's id. */
  readonly answers: Readonly<Record<string, string>>;
}

/** The state after `session_started`, the first event of every journal. */
export function newSession({ broker_id, options }: PayloadOf<"session_started">, timestamp: string): SessionState {
  return {
    brokerId: broker_id,
    options,
    threadId: options.from?.type === "resume" ? options.from.threadId : null,
    run: null,
    lastRun: null,
    steering: new Set(),
    openRequests: [],
    settled: GrownSet.of(),
    accepted: GrownSet.of(),
    queueHeld: false,
    wantedFlags: null,
    workerPid: null,
    stopped: false,
    tasks: NO_TASKS,
    startedAt: timestamp,
    updatedAt: timestamp,
  };
}

/** What the session is after this event. Pure. */
export function fold(before: SessionState, event: SessionEvent): SessionState {
  const state = { ...before, updatedAt: event.timestamp };
  switch (event.type) {
    case "session_started":
    case "interrupt_requested":
    case "codex_lost":
      return state;
    case "worker_started":
      return { ...state, workerPid: event.payload.pid, stopped: false };
    case "worker_stopped":
      // Only a worker with nothing left to do leaves by itself: after any other end, a person should look at what waits.
      return { ...state, workerPid: null, queueHeld: state.queueHeld || event.payload.reason !== "linger" };
    case "message_accepted":
      return { ...state, accepted: state.accepted.with(event.payload.message_id) };
    case "run_started":
      return runStarted(state, event.payload);
    case "thread_opened":
      return { ...state, threadId: event.payload.session_id };
    case "run_finished":
      return runFinished(state, event.payload);
    case "queue_released":
      return { ...state, queueHeld: false, stopped: false, wantedFlags: null };
    case "renamed":
      return { ...state, options: { ...state.options, plan: { ...state.options.plan, name: event.payload.name } } };
    case "flags_wanted":
      return { ...state, queueHeld: true, wantedFlags: event.payload.flags };
    case "steer_started":
      return { ...state, steering: new Set(state.steering).add(event.payload.message_id) };
    case "steer_missed":
      return arrived(state, event.payload.message_id);
    case "message_steered":
    case "message_interrupted":
      return arrived(settle(state, event.payload.message_id), event.payload.message_id);
    case "request_opened":
      return { ...state, openRequests: [...state.openRequests, { ...event.payload, answers: {} }] };
    case "question_answered":
      return answered(state, event.payload);
    case "request_closed":
      return {
        ...state,
        openRequests: state.openRequests.filter(({ request_id }) => request_id !== event.payload.request_id),
      };
    case "stop_requested":
      return { ...state, stopped: true };
    case "tasks_added":
    case "tasks_reordered":
    case "task_dropped":
    case "task_split":
    case "request_refused":
    case "delegation_started":
    case "delegation_working":
    case "delegation_finished":
    case "person_asked":
    case "question_left":
    case "time_spent":
      return { ...state, tasks: foldTasks(state.tasks, event) };
    default:
      return unreachable(event);
  }
}

/** Its status word. `pending` counts the messages on disk, the running one included. */
export function sessionStatusOf(state: SessionState, pending: number): SessionStatus {
  if (state.openRequests.length > 0) return "waiting_input";
  if (state.run !== null) return "running";
  if (state.stopped) return "stopped";
  if (pending > 0) return state.queueHeld ? "attention_required" : "queued";
  if (state.lastRun === null) return "starting";
  const { status, unanswered } = state.lastRun;
  const good = (status === "completed" || status === "waiting_for_input") && !unanswered;
  return good ? "waiting_input" : "attention_required";
}

function runStarted(state: SessionState, payload: PayloadOf<"run_started">): SessionState {
  const { run_id: runId, message_id: messageId, message } = payload;
  const last = state.lastRun ?? {
    status: "none" as const,
    exitCode: null,
    errorKind: null,
    outputPath: null,
    questions: [],
    unanswered: false,
  };
  return { ...state, run: { runId, messageId }, lastRun: { ...last, runId, message, questions: [] } };
}

function runFinished(state: SessionState, payload: PayloadOf<"run_finished">): SessionState {
  const { run_id: runId, message_id, exit_code: exitCode, error_kind: errorKind, output_path: outputPath } = payload;
  const status = payload.status as RunStatus;
  const lastRun = {
    runId,
    message: state.lastRun?.message ?? "",
    status,
    exitCode,
    errorKind,
    outputPath,
    questions: payload.questions,
    unanswered: payload.unanswered,
  };
  return { ...settle(state, message_id), run: null, openRequests: [], queueHeld: payload.queue_held, lastRun };
}

function answered(state: SessionState, payload: PayloadOf<"question_answered">): SessionState {
  const { request_id, question_id, text, message_id } = payload;
  const openRequests = state.openRequests.map((request) =>
    request.request_id === request_id ? { ...request, answers: { ...request.answers, [question_id]: text } } : request,
  );
  const next = { ...state, openRequests };
  return message_id === null ? next : settle(next, message_id);
}

/** However it ended: the message is no longer on its way. */
function arrived(state: SessionState, messageId: string): SessionState {
  return { ...state, steering: new Set([...state.steering].filter((id) => id !== messageId)) };
}

function settle(state: SessionState, messageId: string): SessionState {
  return { ...state, settled: state.settled.with(messageId) };
}
