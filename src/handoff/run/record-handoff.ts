import type { AskContext } from "../../ask/model/context.ts";
import type { AskOutcome } from "../../ask/model/outcome.ts";
import { openRunJournal } from "../../ask/model/run-journal.ts";
import { countRun } from "../../ask/report/ledger-entry.ts";
import { writeReport } from "../../ask/report/write-report.ts";
import { recordEnd } from "../../ask/session/record-session.ts";
import { exitCodeOf, messageOf } from "../../errors.ts";
import { runPaths } from "../../files/state-paths.ts";
import { writeWhole } from "../../files/write-whole.ts";
import { type Finding, isViolation } from "../judge/finding.ts";
import type { HandoffOutcome } from "./outcome.ts";
import { renderHandoffReport } from "./report.ts";
import { toHandoffResult } from "./result.ts";

/**
 * Puts the verdict in the place of what the run alone said: report, result, journal, the session's record; and counts it. What cannot
 * be written down (a full disk) has failed, unless it was worse already.
 */
export async function recordHandoff(
  outcome: HandoffOutcome,
  run: AskOutcome,
  context: AskContext,
  project: string,
): Promise<HandoffOutcome> {
  const paths = runPaths(context.home, context.runId);
  const told = await written(outcome, async () => {
    const place = await writeReport(run.outputPath, paths.report, renderHandoffReport(outcome));
    // A validation command may have exchanged the place that was good when Codex was through.
    const placed = { ...outcome, run: { ...run, ...place, outputRefused: place.outputRefused ?? run.outputRefused } };
    await writeWhole(paths.result, `${JSON.stringify(toHandoffResult(placed), null, 2)}\n`);
    journalVerdict(placed, paths.events);
    await recordEnd({ ...run, status: outcome.status }, context);
    return placed;
  });
  const { contract, verdict, status, signal, judged, commit } = told;
  const entry = {
    task_id: contract.handoff.taskId,
    type: contract.handoff.type,
    verdict,
    violations: rulesOf(judged.findings.filter(isViolation)),
    failures: rulesOf(judged.findings.filter((finding) => !isViolation(finding))),
    committed: commit.type === "made",
  };
  const counted = { kind: "handoff" as const, workspace: project, project, handoff: entry };
  const warning = await countRun(context.state, { ...run, status, signal }, counted);
  return warning === null ? told : { ...told, notes: [...told.notes, warning] };
}

function journalVerdict({ verdict, status, signal, judged, commit }: HandoffOutcome, path: string): void {
  const journal = openRunJournal(path);
  try {
    const violations = judged.findings.filter(isViolation).length;
    const failures = judged.findings.length - violations;
    const counts = { violations, failures, commit: commit.type };
    journal.append("handoff_judged", { verdict, status, exit_code: exitCodeOf(status, signal), ...counts });
    const failure = journal.failure();
    if (failure !== null) throw failure;
  } finally {
    journal.close();
  }
}

async function written(outcome: HandoffOutcome, write: () => Promise<HandoffOutcome>): Promise<HandoffOutcome> {
  try {
    return await write();
  } catch (error) {
    const notes = [...outcome.notes, `The verdict cannot be written down: ${messageOf(error)}`];
    const good = outcome.verdict === "completed" || outcome.verdict === "partial";
    return good ? { ...outcome, notes, verdict: "failed", status: "failed" } : { ...outcome, notes };
  }
}

function rulesOf(findings: readonly Finding[]): string[] {
  return [...new Set(findings.map(({ rule }) => rule))];
}
