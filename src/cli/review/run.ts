import { countRun } from "../../ask/report/ledger-entry.ts";
import { ownCodex } from "../../ask/session/own-codex.ts";
import { exitCodeOf } from "../../errors.ts";
import { newId, runPaths } from "../../files/state-paths.ts";
import { replaceAt } from "../../files/write-place.ts";
import { ownHolder } from "../../process/hold.ts";
import { annotations } from "../../review/report/annotations.ts";
import { toReviewResult } from "../../review/report/result.ts";
import { toSarif } from "../../review/report/sarif.ts";
import type { ReviewOutcome } from "../../review/run/outcome.ts";
import { runReview } from "../../review/run/story.ts";
import { openRun } from "../command/open-run.ts";
import { stateFolder } from "../edge/folders.ts";
import { refuseInside } from "../edge/refuse-inside.ts";
import { writeOut } from "../edge/stdio.ts";
import { VERSION } from "../edge/version.ts";
import { reviewLines, reviewPairs } from "./lines.ts";
import type { ReviewFlags } from "./options.ts";
import { type ReviewCall, reviewCall } from "./request.ts";
import { writeReview } from "./write-review.ts";

/** `ask_codex review`: from the command line to the exit code. */
export async function run(flags: ReviewFlags): Promise<number> {
  refuseInside("ask_codex");
  const state = stateFolder();
  const call = await reviewCall(flags, state);
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
    progress.stop();
    const report = await writeDown(outcome, call, state);
    for (const line of reviewLines(outcome)) progress.line(line);
    writeOut(printed(outcome, call, report));
    return exitCodeOf(outcome.status, outcome.signal);
  } finally {
    progress.stop();
  }
}

/** Writes report, result and SARIF. Resolves with where the report is. */
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

function printed(outcome: ReviewOutcome, { json, format, sarifPath }: ReviewCall, report: string): string {
  if (json) return `${JSON.stringify(toReviewResult(outcome, report))}\n`;
  const notes = format === "github" ? annotations(outcome.findings).map((line) => `${line}\n`) : [];
  return notes.join("") + reviewPairs(outcome, { report, sarifPath });
}
