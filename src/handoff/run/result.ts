import { cutting, MAX_LIST, SCHEMA_VERSION, toResult } from "../../ask/report/result.ts";
import { exitCodeOf } from "../../errors.ts";
import { defuse } from "../../text/defuse.ts";
import type { Validation } from "../facts/facts.ts";
import { isViolation } from "../judge/finding.ts";
import type { HandoffOutcome, Undone } from "./outcome.ts";

/**
 * The machine-readable outcome: first what the response format of handoffs has (task_id, status, changes, validation, notes), then
 * our evidence for it.
 */
export function toHandoffResult(outcome: HandoffOutcome) {
  const { contract, verdict, status, signal, run, judged, undone, commit, notes } = outcome;
  const { facts, findings, said, reason } = judged;
  const files = facts?.files ?? [];
  const lines = files.reduce((sum, { added, removed }) => sum + (added ?? 0) + (removed ?? 0), 0);
  const validation = facts?.validation ?? [];
  const { cut, truncated } = cutting();
  return {
    task_id: contract.handoff.taskId,
    status: verdict,
    changes: {
      files_modified: cut("changes.files_modified", files, MAX_LIST).map(({ path }) => path),
      lines_changed: lines,
      tests_passed: validation.length === 0 ? null : validation.every(({ passed }) => passed),
      validation: Object.fromEntries(validation.map((one) => [one.command, inAWord(one)])),
    },
    notes: notes.map(defuse).join(" "),
    schema_version: SCHEMA_VERSION,
    run_status: status,
    exit_code: exitCodeOf(status, signal),
    document: contract.document,
    findings: cut("findings", findings, MAX_LIST).map((finding) => ({
      kind: isViolation(finding) ? "violation" : "failure",
      ...finding,
    })),
    not_judged: reason,
    validation_runs: validation.map(({ command, passed, exitCode, durationMs, detail, passedBefore = null }) => ({
      command,
      passed,
      exit_code: exitCode,
      duration_ms: durationMs === null ? null : Math.round(durationMs),
      output_end: detail,
      ...(passed ? {} : { passed_before: passedBefore }),
    })),
    first_pass: run?.firstPass ?? null,
    rounds: run?.rounds ?? 0,
    codex_said: said && { word: said.word, text: defuse(said.text) },
    undone: undone && toUndone(undone),
    commit,
    truncated: [...truncated],
    run: run && toResult(run),
  };
}

function toUndone(undone: Undone) {
  if (undone.type === "refused") return undone;
  const { bringBack, ...facts } = undone;
  return { ...facts, bring_back: bringBack };
}

function inAWord({ passed, exitCode }: Validation): string {
  if (passed) return "passed";
  return exitCode === null ? "failed (it did not finish)" : `failed (exit ${exitCode})`;
}
