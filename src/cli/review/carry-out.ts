import { countRun } from "../../ask/report/ledger-entry.ts";
import { ownCodex } from "../../ask/session/own-codex.ts";
import { newId, runPaths } from "../../files/state-paths.ts";
import { replaceAt } from "../../files/write-place.ts";
import { ownHolder } from "../../process/hold.ts";
import { toSarif } from "../../review/report/sarif.ts";
import type { ReviewOutcome } from "../../review/run/outcome.ts";
import { runReview } from "../../review/run/story.ts";
import { openRun, type RunFlags } from "../command/open-run.ts";
import { VERSION } from "../edge/version.ts";
import type { ProgressLines } from "../output/progress-lines.ts";
import type { ReviewCall } from "./request.ts";
import { writeReview } from "./write-review.ts";

export interface CarriedOut {
  readonly outcome: ReviewOutcome;
  /** Where the report is. */
  readonly report: string;
  readonly progress: ProgressLines;
}

/** Carries a review out, counts its turns, and writes report, result and SARIF. */
export async function carryOut(call: ReviewCall, flags: RunFlags, state: string): Promise<CarriedOut> {
  const { context, progress } = await openRun(flags, state);
  try {
    const turnContext = async () => {
      const runId = newId();
      return { ...context, runId, owner: await ownHolder(runId), codex: ownCodex(), snapshots: null };
    };
    const say = (line: string) => progress.line(`[codex] ${line}`);
    const { runId: reviewId, signal } = context;
    const outcome = await runReview(call.request, { state, reviewId, signal, turnContext, say });
    for (const { run: turn } of outcome.turns) {
      await countRun(state, turn, { kind: "review", workspace: outcome.workspace, project: outcome.workspace });
    }
    return { outcome, report: await writeDown(outcome, call, state), progress };
  } finally {
    progress.stop();
  }
}

async function writeDown(
  outcome: ReviewOutcome,
  { outputPath, sarifPath }: ReviewCall,
  state: string,
): Promise<string> {
  const report = outputPath ?? runPaths(state, outcome.reviewId).report;
  const text = await writeReview(outcome, state, report);
  if (outputPath !== null) replaceAt(outputPath, text);
  if (sarifPath !== null) replaceAt(sarifPath, `${JSON.stringify(toSarif(outcome, VERSION), null, 2)}\n`);
  return report;
}
