import { memoryFolder, reviewIds } from "../../review/memory/memory.ts";
import { requireWorkTree } from "../../workspace/git/find-work-tree.ts";
import { currentFolder, stateFolder } from "../edge/folders.ts";

/** Where the reviews of this repository are remembered, and which there are, oldest first. */
export async function earlierReviews() {
  const here = currentFolder();
  const tree = await requireWorkTree(here, {
    why: "Reviews belong to a repository",
    hint: "Run it in that repository.",
  });
  const state = stateFolder();
  const memory = await memoryFolder(state, tree);
  return { state, memory, ids: reviewIds(memory, "all") };
}
