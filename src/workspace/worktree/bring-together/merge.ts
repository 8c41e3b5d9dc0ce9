import { gitAtLeast } from "../../git/at-least.ts";
import type { PrivateWork } from "../../git/private-git.ts";
import { benchGit } from "./bench.ts";
import type { Merge, ThreeTrees } from "./conflict.ts";
import { mergeByIndex } from "./merge-by-index.ts";
import { mergeByTree } from "./merge-by-tree.ts";

/** How trees are merged: `tree` needs git 2.38. */
export type MergeWay = "tree" | "index";

/** The way that this git knows. */
export async function mergeWay(work: PrivateWork): Promise<MergeWay> {
  return (await gitAtLeast(benchGit(work, "index.merge"), "2.38")) ? "tree" : "index";
}

/** Merges two sides of a base into a tree. Checkout, index and refs of the user are not touched. */
export function mergeTrees(work: PrivateWork, trees: ThreeTrees, way: MergeWay): Promise<Merge> {
  return way === "tree" ? mergeByTree(work, trees) : mergeByIndex(work, trees);
}
