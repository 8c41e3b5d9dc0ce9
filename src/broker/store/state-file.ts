import { join } from "node:path";
import * as z from "zod/mini";
import type { JsonFile } from "../../files/json-file.ts";
import { readJson } from "../../files/json-file.ts";
import { readPlainOr } from "../../files/read-plain.ts";
import { queueView, viewOf } from "../../orchestrate/queue/view.ts";
import { openRequest } from "./open-request.ts";
import { type SessionState, sessionStatusOf } from "./session-state.ts";
import { RUN_STATUSES, SESSION_STATUSES } from "./statuses.ts";

const text = z.string();
const nullable = z.nullable(text);
const nullableNumber = z.nullable(z.number());

/** `state.json`: the original's fields in their order, then ours. */
export const stateFile = z.object({
  broker_id: text,
  session_dir: text,
  name: nullable,
  workspace: text,
  model: nullable,
  reasoning: nullable,
  sandbox_mode: nullable,
  read_only: z.boolean(),
  full_auto: z.boolean(),
  timeout_secs: z.number(),
  idle_timeout_secs: z.number(),
  file_refs: z.array(text),
  status: z.enum(SESSION_STATUSES),
  last_run_status: z.enum(RUN_STATUSES),
  worker_pid: nullableNumber,
  current_pid: nullableNumber,
  session_id: nullable,
  current_run_dir: nullable,
  current_message: nullable,
  last_output_path: nullable,
  last_exit_code: nullableNumber,
  pending_count: z.number(),
  latest_progress: text,
  latest_summary: text,
  started_at: text,
  updated_at: text,
  schema_version: z.literal(1),
  error_kind: nullable,
  queue_held: z.boolean(),
  /** What to type so that the next message, which was sent with flags, goes on. */
  resume_with: z._default(nullable, null),
  /** The run under way. */
  run_id: nullable,
  open_requests: z.array(z.extend(openRequest, { answers: z.record(text, text) })),
  /** The questions that the last answer closed with. */
  questions: z.array(text),
  approvals: text,
  network: z.boolean(),
  worktree: nullable,
  started_in: text,
  /** The tasks of an orchestration, and what became of them; null: the session is not an orchestration. */
  orchestration: z._default(z.nullable(queueView), null),
});

export type StateFile = z.infer<typeof stateFile>;

/** What a state file has beside the journal. */
export interface Beside {
  readonly folder: string;
  readonly pending: number;
  readonly codexPid: number | null;
  readonly latestProgress: string;
  readonly latestSummary: string;
}

export function toStateFile(state: SessionState, beside: Beside): StateFile {
  const { options, lastRun, run } = state;
  const { plan } = options;
  const { folder, pending, codexPid, latestProgress, latestSummary } = beside;
  return {
    broker_id: state.brokerId,
    session_dir: folder,
    name: plan.name,
    workspace: options.workspace,
    model: plan.model,
    reasoning: plan.effort,
    sandbox_mode: plan.sandbox.mode,
    read_only: options.readOnly,
    full_auto: options.fullAuto,
    timeout_secs: plan.limits.totalMs / 1000,
    idle_timeout_secs: plan.limits.idleMs / 1000,
    file_refs: [...plan.files],
    status: sessionStatusOf(state, pending),
    last_run_status: lastRun?.status ?? "none",
    worker_pid: state.workerPid,
    current_pid: run === null ? null : codexPid,
    session_id: state.threadId,
    current_run_dir: lastRun === null ? null : join(folder, "runs", lastRun.runId),
    current_message: lastRun?.message ?? null,
    last_output_path: lastRun?.outputPath ?? null,
    last_exit_code: lastRun?.exitCode ?? null,
    pending_count: pending,
    latest_progress: latestProgress,
    latest_summary: latestSummary,
    started_at: inSeconds(state.startedAt),
    updated_at: inSeconds(state.updatedAt),
    schema_version: 1,
    error_kind: lastRun?.errorKind ?? null,
    queue_held: state.queueHeld,
    resume_with: state.wantedFlags === null ? null : `codex_broker resume ${state.brokerId} ${state.wantedFlags}`,
    run_id: run?.runId ?? null,
    open_requests: [...state.openRequests],
    questions: [...(lastRun?.questions ?? [])],
    approvals: plan.approvals === "on-request" ? "ask" : "never",
    network: plan.sandbox.network,
    worktree: options.worktree?.folder ?? null,
    started_in: options.startedIn,
    orchestration: options.orchestration === null ? null : viewOf(state.tasks),
  };
}

export async function readStateFile(path: string): Promise<JsonFile<StateFile>> {
  return readJson(path, stateFile);
}

/** The opening of a report, for `summary`: its first 40 lines. */
export async function summaryOf(report: string | null): Promise<string> {
  if (report === null) return "";
  const whole = readPlainOr(report, "");
  return whole.split("\n").slice(0, 40).join("\n").trimEnd();
}

/** The original's form: whole seconds, UTC. */
export function inSeconds(timestamp: string): string {
  return timestamp.replace(/\.\d+Z$/, "Z");
}
