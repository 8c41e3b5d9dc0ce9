import { AskCodexError, asExpected, exitCodeOf } from "../../errors.ts";
import { exists } from "../../files/look.ts";
import type { RunPaths } from "../../files/state-paths.ts";
import { writeWhole } from "../../files/write-whole.ts";
import type { AskContext } from "../model/context.ts";
import type { LastStep } from "../model/last-step.ts";
import type { AskOutcome } from "../model/outcome.ts";
import type { RunJournal } from "../model/run-journal.ts";
import { renderReport } from "../report/report.ts";
import { toResult } from "../report/result.ts";
import { writeReport } from "../report/write-report.ts";
import { recordEnd } from "../session/record-session.ts";

/** The last step of a run that nothing judges beyond its checks: none. */
export const asItIs: LastStep<AskOutcome> = {
  take: async (run) => run,
  early: (run) => run,
  toRecord: (run) => {
    const { status, signal, error, outputPath } = run;
    return { status, signal, error, outputPath, report: renderReport(run), result: toResult(run), facts: {} };
  },
  placed: (run, place) => ({ ...run, ...place }),
  unwritten(run, fault) {
    // The first failure is the one that is reported.
    if (run.error !== null) return run;
    const hint = `${fault.hint} The answer is in Codex's own record: ${run.receipt.rollout ?? "unknown"}`;
    const error = new AskCodexError(fault.kind, fault.message, { hint, cause: fault });
    return { ...run, status: run.status === "cancelled" ? "cancelled" : "failed", error };
  },
};

/** Where a run is written down. */
export interface Records<T> {
  readonly step: LastStep<T>;
  readonly context: AskContext;
  readonly paths: RunPaths;
  readonly journal: RunJournal;
}

/** Writes down how a run ended: report and result, then journal and the session's record. To be called once for each run. */
export async function recordRun<T>(outcome: T, run: AskOutcome, records: Records<T>): Promise<T> {
  const { step, context, journal } = records;
  const written = await writeFiles(outcome, records);
  try {
    const { status, signal, error, outputPath: output_path, facts } = step.toRecord(written);
    const { runId: run_id, sessionId: session_id } = run;
    const known = { run_id, session_id, status, exit_code: exitCodeOf(status, signal) };
    journal.append("run_finished", { ...known, error_kind: error?.kind ?? null, output_path, ...facts });
    await recordEnd({ ...run, status }, context);
    const failure = journal.failure();
    if (failure !== null) throw failure;
    return written;
  } catch (thrown) {
    return step.unwritten(written, asExpected(thrown, "the run cannot be recorded"));
  }
}

/** Writes report and result. */
export async function writeFiles<T>(outcome: T, { step, paths }: Records<T>): Promise<T> {
  try {
    const { outputPath, report } = step.toRecord(outcome);
    const placed = step.placed(outcome, await writeReport(outputPath ?? paths.report, paths.report, report));
    await writeWhole(paths.result, `${JSON.stringify(step.toRecord(placed).result, null, 2)}\n`);
    return placed;
  } catch (thrown) {
    const unwritten = step.unwritten(outcome, asExpected(thrown, "the report cannot be written"));
    const { outputPath } = step.toRecord(outcome);
    // An earlier one may be there; what is not there is not named.
    const there = outputPath !== null && (await exists(outputPath));
    return there ? unwritten : step.placed(unwritten, { outputPath: null, outputRefused: null });
  }
}
