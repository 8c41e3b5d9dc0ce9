import { join } from "node:path";

/** Where a review has a worktree; it is removed when the review ends, and by its name when the review was killed. */
export function worktreePlace(state: string, reviewId: string, use: "reading" | "proving"): string {
  return join(worktreesFolder(state), `review-${reviewId}${use === "proving" ? "-proof" : ""}`);
}

/** The folder of the worktrees of all kinds of work. */
export function worktreesFolder(state: string): string {
  return join(state, "worktrees");
}

/** The id of the review whose worktree has this name; null: it is not a review's. Those of handoffs and batches hold results. */
export function reviewOfWorktree(name: string): string | null {
  return /^review-(.+?)(?:-proof)?$/.exec(name)?.[1] ?? null;
}
