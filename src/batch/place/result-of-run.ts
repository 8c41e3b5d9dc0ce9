import type { AskOutcome } from "../../ask/model/outcome.ts";
import { type AskCodexError, ERROR_KINDS } from "../../errors.ts";
import type { HandoffOutcome } from "../../handoff/run/outcome.ts";
import type { TaskResult } from "../schedule/result.ts";
import type { Job } from "./place.ts";

/** What a run came to, before anything is known of its files. */
export function resultOfRun(run: AskOutcome, { base }: Job, judged: HandoffOutcome | null): TaskResult {
  const status = judged?.status ?? run.status;
  return {
    status,
    error_kind: run.error?.kind ?? null,
    message: run.error?.message ?? firstFinding(judged) ?? failedCheck(run),
    run_id: run.runId,
    session_id: run.sessionId,
    output_path: run.outputPath,
    verdict: judged?.verdict ?? null,
    tokens: run.tokens?.totalTokens ?? null,
    elapsed_ms: Math.max(0, Math.round(run.elapsedMs)),
    base,
    patch: null,
    files: 0,
    outside: [],
    missing: [],
  };
}

/** The status of work that is good but for where it is, or for what of it no patch can hold. */
export function statusWith({ status, outside, missing }: Pick<TaskResult, "status" | "outside" | "missing">): string {
  if (status !== "completed") return status;
  if (outside.length > 0) return "contract_violation";
  return missing.length > 0 ? "partial" : status;
}

interface Failing {
  readonly cancelled: boolean;
  /** Codex had the task. */
  readonly begun: boolean;
}

/** The result of a job that did not get as far as a run, or of whose run it could not be found out what it changed. */
export function resultOfFailure(error: AskCodexError, { runId, base }: Job, { cancelled, begun }: Failing): TaskResult {
  // Of a lost machine there is nothing here; what was cancelled begins anew.
  const stranded = begun && !cancelled && error.kind !== "machine_lost";
  return {
    status: cancelled ? "cancelled" : ERROR_KINDS[error.kind].status,
    error_kind: cancelled ? null : error.kind,
    message: cancelled ? null : error.message,
    run_id: runId,
    session_id: null,
    output_path: null,
    verdict: null,
    tokens: null,
    elapsed_ms: 0,
    base,
    patch: null,
    // What it did there is known to no one.
    files: stranded || error.kind === "machine_lost" ? null : 0,
    outside: [],
    missing: [],
    ...(stranded && { stranded }),
  };
}

function firstFinding(judged: HandoffOutcome | null): string | null {
  const finding = judged?.judged.findings[0];
  return finding === undefined ? null : `${finding.rule}: ${finding.message}`;
}

function failedCheck({ checks }: AskOutcome): string | null {
  const failed = checks.find(({ passed }) => !passed);
  return failed === undefined ? null : `check failed: ${failed.subject}`;
}
