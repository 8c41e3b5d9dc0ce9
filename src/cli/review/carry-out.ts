import { join } from "node:path";
import { countRun } from "../../ask/report/ledger-entry.ts";
import { ownCodex } from "../../ask/session/own-codex.ts";
import { newId, runPaths } from "../../files/state-paths.ts";
import { ownHolder } from "../../process/own-holder.ts";
import { toSarif } from "../../review/report/sarif.ts";
import type { ReviewOutcome } from "../../review/run/outcome.ts";
import { runReview } from "../../review/run/story.ts";
import { openRun, type RunFlags } from "../command/open-run.ts";
import { VERSION } from "../edge/version.ts";
import type { ProgressLines } from "../output/progress-lines.ts";
import { writeAsked } from "../output/write-asked.ts";
import type { ReviewPlaces } from "./lines.ts";
import type { ReviewCall } from "./request.ts";
import { writeReview } from "./write-review.ts";

export interface CarriedOut extends ReviewPlaces {
  readonly outcome: ReviewOutcome;
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
    const written = await writeDown(outcome, call, { state, warn: progress.line });
    return { outcome, ...written, progress };
  } finally {
    progress.stop();
  }
}

async function writeDown(
  outcome: ReviewOutcome,
  { outputPath, sarifPath }: ReviewCall,
  { state, warn }: { readonly state: string; readonly warn: (line: string) => void },
): Promise<ReviewPlaces> {
  const { folder, report: own } = runPaths(state, outcome.reviewId);
  const text = await writeReview(outcome, state);
  const report = outputPath === null ? own : await writeAsked({ asked: outputPath, own, text }, warn);
  // The result says where the report is.
  if (report !== own) await writeReview(outcome, state, report);
  if (sarifPath === null) return { report, sarif: null };
  const alerts = `${JSON.stringify(toSarif(outcome, VERSION), null, 2)}\n`;
  const sarif = await writeAsked({ asked: sarifPath, own: join(folder, "report.sarif"), text: alerts }, warn);
  return { report, sarif };
}
