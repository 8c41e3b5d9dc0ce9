import { rm } from "node:fs/promises";
import { join } from "node:path";
import { namesIn } from "../../files/names-in.ts";
import { gateFolder } from "../../files/state-paths.ts";
import { isUnderWay } from "../../review/run/review-hold.ts";
import { reviewOfWorktree, worktreesFolder } from "../../review/run/worktree-place.ts";
import { findWorkTree } from "../../workspace/git/find-work-tree.ts";
import { removeWorktree } from "../../workspace/worktree/managed-worktree.ts";

export interface Cleaning {
  /** Ms since the epoch: what was touched later stays. */
  readonly before: number;
  readonly dryRun: boolean;
  /** When a file or folder was last written. */
  readonly touched: (path: string) => Promise<number>;
}

/** Removes the worktrees that killed reviews have left, and the gate's records of old sessions; their paths. */
export async function cleanReviews(state: string, { before, dryRun, touched }: Cleaning): Promise<readonly string[]> {
  const removed: string[] = [];
  for (const name of await namesIn(worktreesFolder(state))) {
    const review = reviewOfWorktree(name);
    const folder = join(worktreesFolder(state), name);
    if (review === null || (await touched(folder)) >= before || (await isUnderWay(state, review))) continue;
    if (!dryRun) await removeLeft(folder);
    removed.push(folder);
  }
  for (const name of await namesIn(gateFolder(state))) {
    const path = join(gateFolder(state), name);
    if ((await touched(path)) >= before) continue;
    if (!dryRun) await rm(path, { force: true });
    removed.push(path);
  }
  return removed;
}

/** A worktree, and what its repository knows of it, where that is still there. */
async function removeLeft(folder: string): Promise<void> {
  const tree = await findWorkTree(folder).catch(() => undefined);
  if (tree === undefined) await rm(folder, { recursive: true, force: true });
  else await removeWorktree(tree.commonDir, folder);
}
