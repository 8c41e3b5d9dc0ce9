import { join } from "node:path";
import { AskCodexError } from "../../errors.ts";
import { runPaths } from "../../files/state-paths.ts";
import { makePrivateFolder } from "../../files/write-whole.ts";
import { type Hold, holderOf, takeHold } from "../../process/hold.ts";
import { ownHolder } from "../../process/own-holder.ts";

/** Marks a review as under way, so that nothing of it is cleaned away. A killed process holds nothing. */
export async function holdReview(state: string, reviewId: string): Promise<Hold> {
  await makePrivateFolder(runPaths(state, reviewId).folder);
  const taking = await takeHold(holdOf(state, reviewId), await ownHolder(reviewId));
  if (taking.type === "busy") throw new AskCodexError("internal", `the review ${reviewId} is under way twice`);
  return taking.hold;
}

/** Whether a living process is at this review. */
export async function isUnderWay(state: string, reviewId: string): Promise<boolean> {
  return (await holderOf(holdOf(state, reviewId))) !== null;
}

function holdOf(state: string, reviewId: string): string {
  return join(runPaths(state, reviewId).folder, "review.hold");
}
