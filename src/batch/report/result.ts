import { SCHEMA_VERSION } from "../../ask/report/result.ts";
import { exitCodeOf } from "../../errors.ts";
import { defuse } from "../../text/defuse.ts";
import type { BatchOutcome } from "../run/outcome.ts";

/** The object of `batch --json` and result.json. */
export function toBatchResult(outcome: BatchOutcome, report: string | null) {
  const { batchId, status, signal, error, tasks, clean, tokens, landed, checks, placed, failures } = outcome;
  return {
    schema_version: SCHEMA_VERSION,
    batch_id: batchId,
    status,
    exit_code: exitCodeOf(status, signal),
    output_path: report,
    clean,
    tokens,
    landed,
    checks,
    machines: placed.map(({ task, runId, machine, state, left }) => ({
      ...{ task, run_id: runId, machine, state },
      left: left == null ? null : defuse(left),
    })),
    failures: failures.map(({ message, ...failure }) => ({ ...failure, message: defuse(message) })),
    tasks: tasks.map(({ id, status: word, clean: isClean, applied, state }) => ({
      id,
      status: word,
      clean: isClean,
      applied,
      tries: state.tries,
      left_out: state.leftOut,
      worktree: state.now?.worktree ?? null,
      result: state.result,
    })),
    error: error && { kind: error.kind, message: defuse(error.message), next: error.hint },
    signal,
  };
}
