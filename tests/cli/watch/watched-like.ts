import type { Inspected } from "../../../src/broker/command/inspect-session.ts";
import type { Live } from "../../../src/broker/socket/protocol.ts";
import type { StateFile } from "../../../src/broker/store/state-file.ts";
import type { Watched } from "../../../src/cli/watch/session.ts";

/** When it is now, for what looks at these sessions: 12:00:00. */
export const NOW = Date.parse("2026-01-02T12:00:00Z");

export interface Like {
  readonly id?: string;
  readonly state?: Partial<StateFile>;
  readonly live?: Partial<Live> | null;
  readonly worker?: Inspected["worker"];
  /** When it was seen; default: now. */
  readonly at?: number;
}

/** A session that has been idle for a minute, but for what is said otherwise. */
export function watchedLike({ id = ID, state = {}, live = {}, worker = "alive", at = NOW }: Like = {}): Watched {
  const now: Inspected = {
    state: { ...IDLE, broker_id: id, session_dir: `/state/sessions/${id}`, ...state },
    live: live === null ? null : { ...QUIET, ...live },
    worker,
    recovered: false,
  };
  return { folder: `/state/sessions/${id}`, at, type: "seen", now };
}

/** One that runs a command. */
export function runningLike({ state = {}, live = {}, ...more }: Like = {}): Watched {
  return watchedLike({
    state: { status: "running", run_id: "r", pending_count: 1, ...state },
    live: { phase: "running npm test", last_event_age: 3, running_command: "npm test", tokens: 1234, ...live },
    ...more,
  });
}

export function questionLike(
  id: string,
  question: string,
  options: readonly string[] = [],
): StateFile["open_requests"][number]["questions"][number] {
  return { id, header: "", question, options: options.map((label) => ({ label, description: `as ${label} is` })) };
}

/** A request with these questions; `answered`: the ids of those that have their answer. */
export function asks(
  questions: readonly ReturnType<typeof questionLike>[],
  answered: readonly string[] = [],
): Partial<StateFile> {
  const answers = Object.fromEntries(answered.map((id) => [id, "so"]));
  const request = { request_id: "1", type: "question", what: "", reason: "", answers } as const;
  return { status: "waiting_input", run_id: "r", open_requests: [{ ...request, questions: [...questions] }] };
}

/** A request for approval. */
export function asksTo(what: string, reason: string): Partial<StateFile> {
  const request = { request_id: "1", type: "approval", what, reason, answers: {} } as const;
  return { status: "waiting_input", run_id: "r", open_requests: [{ ...request, questions: [] }] };
}

export const ID = "20260102-115900-000-0123456789abcdef";

const QUIET: Live = {
  phase: "idle",
  last_event: null,
  last_event_age: null,
  running_command: null,
  last_command: null,
  tokens: null,
  plan: [],
  delegations: [],
};

const IDLE: StateFile = {
  broker_id: ID,
  session_dir: "",
  name: null,
  workspace: "/work",
  model: null,
  reasoning: null,
  sandbox_mode: null,
  read_only: false,
  full_auto: true,
  timeout_secs: 600,
  idle_timeout_secs: 300,
  file_refs: [],
  status: "waiting_input",
  last_run_status: "completed",
  worker_pid: 1,
  current_pid: null,
  session_id: "t",
  current_run_dir: null,
  current_message: null,
  last_output_path: null,
  last_exit_code: 0,
  pending_count: 0,
  latest_progress: "",
  latest_summary: "",
  started_at: "2026-01-02T11:59:00Z",
  updated_at: "2026-01-02T11:59:00Z",
  schema_version: 1,
  error_kind: null,
  queue_held: false,
  resume_with: null,
  run_id: null,
  open_requests: [],
  questions: [],
  approvals: "never",
  network: false,
  worktree: null,
  started_in: "/work",
  orchestration: null,
};
