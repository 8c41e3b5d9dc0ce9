import { EXIT_CODES, type Status } from "../../errors.ts";
import { appendLedger, type LedgerEntry } from "../../ledger/ledger.ts";
import type { FinishedDelegation } from "../../orchestrate/queue/task.ts";
import type { SessionLog } from "../store/session-log.ts";

/** Adds a delegation to the ledger of a state folder, with its wall time and tokens; a dry run is not work. Never rejects. */
export async function countDelegation(
  log: SessionLog,
  { state, type }: { readonly state: string; readonly type: string },
  done: FinishedDelegation,
): Promise<void> {
  if (done.verdict === "planned") return;
  const uncounted = await appendLedger(state, entryOf(log, type, done));
  if (uncounted !== null) log.progress(`[WARNING] ${uncounted}`);
}

function entryOf(log: SessionLog, type: string, done: FinishedDelegation): LedgerEntry {
  const { workspace, worktree } = log.state.options;
  const { validation, input_tokens: input, output_tokens: output } = done;
  const passed = validation.filter((one) => one.passed).length;
  const status = statusOf(done.verdict);
  return {
    ...{ schema_version: 1, kind: "delegation", run_id: done.delegation_id, session_id: done.conversation },
    time: new Date(Date.now() - done.elapsed_ms).toISOString(),
    project: worktree?.repository ?? workspace,
    ...{ orchestration: log.state.brokerId, list_price_usd: done.executor === null ? 0 : done.list_price_usd },
    ...{ role: done.executor, model: done.model, effort: null, codex_version: null },
    ...{ status, exit_code: EXIT_CODES[status], error_kind: done.error_kind, elapsed_ms: done.elapsed_ms },
    tokens:
      done.executor === null ? null : { input, cached_input: 0, output, reasoning_output: 0, total: input + output },
    ...{ repair_rounds: 0, checks: { passed, total: validation.length }, asked: 0 },
    first_pass: validation.length === 0 ? null : passed === validation.length,
    ...{ files_changed: done.files.length, lines_added: null, lines_removed: null },
    handoff: {
      ...{ task_id: done.task_id, type, verdict: done.verdict, committed: done.commit !== null },
      ...{ violations: done.violations, failures: done.failures },
    },
  };
}

function statusOf(verdict: string): Status {
  switch (verdict) {
    case "completed":
    case "partial":
    case "no_change":
      return verdict;
    case "violated":
      return "contract_violation";
    case "failed":
      return "validation_failed";
    case "interrupted":
      return "cancelled";
    default:
      return "failed";
  }
}
