import { isViolation } from "../../handoff/judge/finding.ts";
import { defuse } from "../../text/defuse.ts";
import type { DelegationVerdict, Outcome } from "./outcome.ts";

/** Codex cuts the answer of a tool at 12,000 characters, in its middle. */
const MOST_BYTES = 8_000;

/** What the orchestrator is answered: the verdict first, what it rests on by path, and never longer than Codex passes on. */
export function toResponse(outcome: Outcome): string {
  for (const room of [1, 0.5, 0.25, 0.1, 0.02]) {
    const text = JSON.stringify(responseOf(outcome, room), null, 1);
    if (Buffer.byteLength(text) <= MOST_BYTES) return text;
  }
  const { verdict, taskId, folder } = outcome;
  return JSON.stringify({ verdict, task_id: taskId, next: NEXT[verdict], evidence: folder });
}

function responseOf(outcome: Outcome, room: number) {
  const { verdict, taskId, executor, error, files, validation, findings, undone, usage } = outcome;
  const list = <T>(items: readonly T[], most: number): readonly T[] =>
    items.slice(0, Math.max(1, Math.floor(most * room)));
  const text = (words: string, most: number) => cut(defuse(words), Math.max(60, Math.floor(most * room)));
  const passed = validation.filter((one) => one.passed).length;
  return {
    verdict,
    task_id: taskId,
    status: verdict === "completed" ? "completed" : "not_completed",
    next: NEXT[verdict],
    ...stated(
      "refused_because",
      list(outcome.refusals, 20).map(({ what, change }) => `${what} ${change}`),
    ),
    ...(error === null ? {} : { error: { kind: error.kind, message: text(error.message, 400), fix: error.hint } }),
    changes: {
      files_modified: list(files, 30).map(({ path }) => path),
      lines_changed: files.reduce((sum, { added, removed }) => sum + (added ?? 0) + (removed ?? 0), 0),
      tests_passed: validation.length === 0 ? null : passed === validation.length,
      validation: list(validation, 10).map((one) => ({
        command: text(one.command, 200),
        result: one.passed ? "passed" : one.exitCode === null ? "did not finish" : `failed (exit ${one.exitCode})`,
        ...(one.passed ? {} : { output_end: end(defuse(one.detail), Math.max(100, Math.floor(1_500 * room))) }),
        ...(one.sandboxed ? { sandboxed: true } : {}),
      })),
    },
    ...stated(
      "problems",
      list(findings, 15).map((one) => `${isViolation(one) ? "violation" : "failure"}: ${text(one.message, 300)}`),
    ),
    ...(undone === null ? {} : { undone: undone.type === "refused" ? `not undone: ${undone.reason}` : undone.paths }),
    ...stated("changed_by_others_meanwhile", list(outcome.meanwhile, 20)),
    ...stated(
      "denied",
      list(outcome.denials, 10).map(({ tool, what }) => text(`${tool} ${what}`, 160)),
    ),
    notes: text(outcome.notes, 3_000),
    ...stated(
      "remarks",
      list(outcome.remarks, 8).map((remark) => text(remark, 200)),
    ),
    executor,
    usage: { tokens: usage.inputTokens + usage.outputTokens, list_price_usd: usage.listPriceUsd },
    evidence: outcome.folder,
  };
}

/** What the orchestrator is to do with each verdict. */
const NEXT: Readonly<Record<DelegationVerdict, string>> = {
  completed: "Go on with the next task.",
  partial: "Delegate what remains, under the same task_id.",
  blocked: "Take away what blocks it, or ask the person.",
  no_change: "Nothing was changed: say more exactly what must be different afterwards.",
  denied: "It was denied what the task needed: widen the scope if the person allows it, or change the task.",
  no_report: "It ended without saying what became of the task: delegate it again, more simply.",
  failed:
    "Read the problems, and delegate the correction under the same task_id. After two failures the task must be split.",
  violated: "It left its bounds, and what can be undone was. Delegate it again with clearer bounds.",
  refused: "Nothing was started. Change the request as it says, and delegate it again.",
  executor_failed: "The executor could not work. Only go on when that has changed.",
  interrupted: "It was interrupted; what it had changed by then is listed.",
};

function stated<T>(name: string, items: readonly T[]): Readonly<Record<string, readonly T[]>> {
  return items.length === 0 ? {} : { [name]: items };
}

function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most)} … (${text.length - most} more characters)`;
}

function end(text: string, most: number): string {
  return text.length <= most ? text : `… ${text.slice(-most)}`;
}
