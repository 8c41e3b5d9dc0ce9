import { isViolation, rulesOf } from "../../../handoff/judge/finding.ts";
import type { FinishedDelegation } from "../../../orchestrate/queue/task.ts";
import { sentence } from "../../../text/words.ts";
import type { LedOutcome } from "./delegate.ts";

interface Kept {
  /** The file with the evidence. */
  readonly report: string | null;
  /** Files in which it did not merge. */
  readonly conflict?: readonly string[];
}

/** An outcome as the journal keeps it. */
export function finishedDelegation(
  id: string,
  outcome: LedOutcome,
  { report, conflict = [] }: Kept,
): FinishedDelegation {
  const { error, files, undone, commit, usage } = outcome;
  return {
    delegation_id: id,
    task_id: outcome.taskId,
    verdict: outcome.verdict,
    executor: outcome.executor,
    error_kind: error?.kind ?? null,
    error: error === null ? null : `${sentence(error.message)} ${error.hint}`.trimEnd(),
    files: files.map(({ path }) => path),
    lines_changed: files.reduce((sum, { added, removed }) => sum + (added ?? 0) + (removed ?? 0), 0),
    validation: outcome.validation.map(({ command, passed, sandboxed }) => ({ command, passed, sandboxed })),
    findings: [...outcome.findings.map(({ message }) => message), ...outcome.denials.map(deniedWords)],
    violations: rulesOf(outcome.findings.filter(isViolation)),
    failures: rulesOf(outcome.findings.filter((finding) => !isViolation(finding))),
    conflict: [...conflict],
    undone: undone === null || undone.type === "refused" ? [] : [...undone.paths],
    bring_back: undone === null || undone.type === "refused" ? null : undone.bringBack,
    meanwhile: [...outcome.meanwhile],
    notes: notesOf(outcome),
    conversation: outcome.conversation,
    input_tokens: usage.inputTokens,
    output_tokens: usage.outputTokens,
    list_price_usd: usage.listPriceUsd,
    model: usage.model,
    commit: commit.type === "made" ? commit.id : null,
    elapsed_ms: outcome.elapsedMs,
    report,
  };
}

function deniedWords({ tool, what }: LedOutcome["denials"][number]): string {
  return `The executor was denied ${tool} on ${what}.`;
}

function notesOf({ notes, said, undone, remarks, survivors }: LedOutcome): string {
  return [
    notes || (said?.text ?? ""),
    ...(undone?.type === "refused" ? [`What left the scope could not be put back: ${undone.reason}`] : []),
    ...(survivors.length > 0 ? [`Processes that could not be ended: ${survivors.join(", ")}.`] : []),
    ...remarks,
  ]
    .filter((part) => part !== "")
    .join("\n");
}
