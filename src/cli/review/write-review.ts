import { runPaths } from "../../files/state-paths.ts";
import { makePrivateFolder, writeWhole } from "../../files/write-whole.ts";
import { renderReview } from "../../review/report/report.ts";
import { toReviewResult } from "../../review/report/result.ts";
import type { ReviewOutcome } from "../../review/run/outcome.ts";

/** Writes report and result into the review's folder. Resolves with the report's text. `report`: where a reader finds it. */
export async function writeReview(outcome: ReviewOutcome, state: string, report?: string): Promise<string> {
  const paths = runPaths(state, outcome.reviewId);
  await makePrivateFolder(paths.folder);
  const text = renderReview(outcome);
  await writeWhole(paths.report, text);
  await writeWhole(paths.result, `${JSON.stringify(toReviewResult(outcome, report ?? paths.report), null, 2)}\n`);
  return text;
}
