import { exitCodeOf } from "../../errors.ts";
import { defuse } from "../../text/defuse.ts";
import type { ReviewOutcome } from "../run/outcome.ts";
import { isOpen, type JudgedFinding } from "../verdict/verdict.ts";

/** The object of `review --json` and of the review's result.json. */
export function toReviewResult(outcome: ReviewOutcome, outputPath: string) {
  const { coverage, findings, error } = outcome;
  const open = findings.filter(isOpen);
  return {
    schema_version: 1,
    status: outcome.status,
    exit_code: exitCodeOf(outcome.status, outcome.signal),
    review: outcome.reviewId,
    output_path: outputPath,
    target: outcome.target,
    workspace: outcome.workspace,
    verdict: outcome.verdict,
    coverage: {
      reviewed: coverage.filter(({ status }) => status === "reviewed").length,
      total: coverage.length,
      files: coverage,
    },
    counts: {
      findings: open.length,
      new: open.filter(({ state }) => state === "new").length,
      blocking: outcome.blocking.length,
      refuted: findings.filter(({ refutation }) => refutation?.answer === "refuted").length,
      decided: findings.filter(({ decision }) => decision !== null).length,
    },
    findings: findings.map(findingObject),
    missing: outcome.missing.map(({ id, path, title, severity, now }) => ({ id, path, title, severity, state: now })),
    configuration_edits: outcome.configurationEdits,
    cut_short: outcome.cutShort,
    turns: outcome.turns.map(({ kind, focus, files, usable, reason, run }) => ({
      kind,
      focus,
      files,
      usable,
      reason,
      run_id: run.runId,
      session_id: run.sessionId,
      status: run.status,
      tokens: run.tokens?.totalTokens ?? null,
    })),
    usage: { total_tokens: outcome.turns.reduce((sum, { run }) => sum + (run.tokens?.totalTokens ?? 0), 0) },
    started_at: outcome.startedAt,
    elapsed_ms: outcome.elapsedMs,
    error: error && { kind: error.kind, message: defuse(error.message), next: error.hint },
    signal: outcome.signal,
  };
}

function findingObject(finding: JudgedFinding) {
  const { anchor, refutation, proof, decision } = finding;
  const exact = anchor.type === "exact" ? anchor : null;
  return {
    id: finding.id,
    title: defuse(finding.title),
    severity: finding.severity,
    confidence: finding.confidence,
    category: finding.category,
    scenario: defuse(finding.scenario),
    path: finding.path,
    line: exact?.line ?? null,
    end_line: exact?.endLine ?? null,
    side: anchor.type === "unanchored" ? null : anchor.side,
    anchor: anchor.type,
    candidates: anchor.type === "ambiguous" ? anchor.lines : [],
    symbol: finding.symbol,
    in_change: finding.inChange,
    code: defuse(finding.code),
    suggestion: finding.suggestion === null ? null : defuse(finding.suggestion),
    voices: finding.voices,
    state: finding.state,
    refutation: refutation && { ...refutation, why: defuse(refutation.why) },
    proof,
    decision,
  };
}
