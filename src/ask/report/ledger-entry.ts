import { join } from "node:path";
import { exitCodeOf } from "../../errors.ts";
import { exists, upwards } from "../../files/look.ts";
import { appendLedger, type LedgerEntry } from "../../ledger/ledger.ts";
import type { Changes } from "../model/evidence.ts";
import type { AskOutcome } from "../model/outcome.ts";

/** What the outcome of a run does not contain. */
export interface RunFacts {
  readonly kind: LedgerEntry["kind"];
  readonly project: string | null;
  /** Questions and approvals that someone was asked for while the run went on. */
  readonly asked?: number;
  readonly handoff?: LedgerEntry["handoff"];
  /** The batch that it is a task of. */
  readonly batch?: string | undefined;
}

/** The ledger's entry of a run. */
export function ledgerEntry(
  outcome: AskOutcome,
  { kind, project, asked = 0, handoff = null, batch }: RunFacts,
): LedgerEntry {
  const { status, signal, receipt, checks, tokens, questions } = outcome;
  return {
    schema_version: 1,
    time: receipt.startedAt,
    run_id: outcome.runId,
    session_id: outcome.sessionId,
    project,
    kind,
    role: receipt.role,
    model: receipt.settings?.model ?? null,
    effort: receipt.settings?.effort ?? null,
    codex_version: receipt.codexVersion,
    status,
    exit_code: exitCodeOf(status, signal),
    error_kind: outcome.error?.kind ?? null,
    // The clock of the machine may have been put back meanwhile.
    elapsed_ms: Math.max(0, outcome.elapsedMs),
    tokens: tokens && {
      input: tokens.inputTokens,
      cached_input: tokens.cachedInputTokens,
      output: tokens.outputTokens,
      reasoning_output: tokens.reasoningOutputTokens,
      total: tokens.totalTokens,
    },
    repair_rounds: outcome.rounds,
    checks: { passed: checks.filter(({ passed }) => passed).length, total: checks.length },
    first_pass: outcome.firstPass,
    asked: asked + (status === "pending_question" ? questions.length : 0),
    ...sizeOf(outcome.changes),
    handoff,
    ...(batch !== undefined && { batch }),
  };
}

/** The entry of a run that counts. */
export interface CountedRun extends Omit<RunFacts, "project"> {
  /** Where it was to work, as far as that was known before Codex was asked. */
  readonly workspace: string | null;
  /** Null: the work tree's root, or the folder. */
  readonly project?: string | null;
}

/**
 * Adds a run to the ledger. Never rejects: resolves with a warning in one line, or with null when the run is counted. To be called
 * once for each outcome of `runTask`.
 */
export async function countRun(state: string, outcome: AskOutcome, run: CountedRun): Promise<string | null> {
  const { workspace, ...facts } = run;
  const project = run.project ?? (await projectOf(outcome, workspace));
  return appendLedger(state, ledgerEntry(outcome, { ...facts, project }));
}

async function projectOf({ changes, receipt }: AskOutcome, workspace: string | null): Promise<string | null> {
  if (changes.type === "listed") return changes.root;
  const folder = receipt.settings?.cwd ?? workspace;
  if (folder === null || changes.type === "no_git") return folder;
  return (await rootAbove(folder)) ?? folder;
}

/** The root of the work tree that the folder is in, found by its `.git`: asking git would take a tenth of a short run. */
async function rootAbove(folder: string): Promise<string | null> {
  for (const at of upwards(folder)) if (await exists(join(at, ".git"))) return at;
  return null;
}

function sizeOf(changes: Changes): Pick<LedgerEntry, "files_changed" | "lines_added" | "lines_removed"> {
  if (changes.type === "read_only") return { files_changed: 0, lines_added: 0, lines_removed: 0 };
  if (changes.type !== "listed") return { files_changed: null, lines_added: null, lines_removed: null };
  const sum = (side: "added" | "removed") => changes.files.reduce((total, file) => total + (file[side] ?? 0), 0);
  return { files_changed: changes.files.length, lines_added: sum("added"), lines_removed: sum("removed") };
}
