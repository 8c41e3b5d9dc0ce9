import type { ListedChanges } from "../../ask/model/evidence.ts";
import { type CommitRequest, commitFiles } from "../../workspace/commit/files.ts";
import type { WorkTree } from "../../workspace/git/find-work-tree.ts";
import type { CommitState } from "./outcome.ts";

/**
 * Commits what the run has changed, and nothing else. A file that was dirty before, or that another run may have written, is
 * no one's alone, and one that was edited since the look was judged by no one: then nothing is committed, for half of the work is no
 * commit either.
 */
export async function commitWork(
  tree: WorkTree,
  changes: ListedChanges,
  message: string,
  request: Omit<CommitRequest, "message" | "paths" | "before" | "after">,
): Promise<CommitState> {
  if (changes.files.length === 0) return NOTHING_TO_COMMIT;
  if (changes.alsoRunning.length > 0)
    return skipped(`another run of ours worked in the same tree: ${changes.alsoRunning.join(", ")}`);
  const paths = [...new Set(changes.files.flatMap(({ path, from }) => (from === undefined ? [path] : [path, from])))];
  const before = new Set(changes.dirtyBefore);
  const dirty = paths.filter((path) => before.has(path));
  if (dirty.length > 0) return skipped(`not committed before the run, and changed in it: ${dirty.join(", ")}`);
  return commitFiles(tree, { ...request, ...changes.trees, message, paths });
}

/** Asked for, and no file that git keeps has changed. */
export const NOTHING_TO_COMMIT: CommitState = { type: "none", reason: "there was nothing to commit" };

function skipped(reason: string): CommitState {
  return { type: "skipped", reason };
}
