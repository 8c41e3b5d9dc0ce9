import { UsageError } from "../../errors.ts";
import { memoryFolder, reviewIds } from "../../review/memory/memory.ts";
import { findWorkTree } from "../../workspace/git/find-work-tree.ts";
import { currentFolder, stateFolder } from "../edge/folders.ts";

/** Where the reviews of this repository are remembered, and which there are, oldest first. */
export async function earlierReviews() {
  const here = currentFolder();
  const tree = await findWorkTree(here);
  if (tree === undefined) throw new UsageError(`Reviews belong to a git repository, and ${here} is not in one.`);
  const state = stateFolder();
  const memory = await memoryFolder(state, tree);
  return { state, memory, ids: reviewIds(memory, "all") };
}
