import { createHash } from "node:crypto";
import { join } from "node:path";
import { alone } from "../../process/alone.ts";
import type { WorkTree } from "../git/find-work-tree.ts";

/** The user's work tree, and our state folder. */
export interface WrittenTree {
  readonly tree: WorkTree;
  readonly state: string;
}

/**
 * Looks at the user's work tree and then writes into it, while no other process of ours does: two that look at the same moment would both
 * find it as it was, and the second must see what the first wrote.
 */
export function aloneInTree<T>({ tree: { root }, state }: WrittenTree, act: () => Promise<T>): Promise<T> {
  const path = join(state, "landings", createHash("sha256").update(root).digest("hex").slice(0, 16));
  return alone({ path, limitMs: LIMIT_MS, doing: `writes into ${root}` }, act);
}

// With filters, a large result takes minutes.
const LIMIT_MS = 600_000;
