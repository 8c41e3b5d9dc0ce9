import { join } from "node:path";
import { exists } from "../../files/look.ts";
import type { WorkTree } from "./find-work-tree.ts";

/** What the user has begun and not ended in this work tree, and what a commit would end in their place; null: nothing. */
export async function underWay({ gitDir }: WorkTree): Promise<string | null> {
  for (const [name, what] of TRACES) if (await exists(join(gitDir, name))) return what;
  return null;
}

// In the order in which they are reported: a rebase stops with a cherry-pick of its own.
const TRACES = [
  ["rebase-merge", "a rebase"],
  ["rebase-apply", "a rebase (or git am)"],
  ["MERGE_HEAD", "a merge"],
  ["CHERRY_PICK_HEAD", "a cherry-pick"],
  ["REVERT_HEAD", "a revert"],
  ["sequencer", "a series of cherry-picks or reverts"],
] as const;
