import type { ListedChanges } from "../ask/evidence.ts";
import { type CommitRequest, commitFiles } from "../workspace/commit-files.ts";
import type { WorkTree } from "../workspace/find-work-tree.ts";
import type { CommitState } from "./handoff-outcome.ts";

/**
 * Commits what the run has changed, and nothing else. A file that was dirty before, or that another run may have written, is
 * nobody's alone: then nothing is committed, for half of the work is no commit either.
 */
export async function commitWork(
  tree: WorkTree,
  changes: ListedChanges,
  message: string,
  request: Omit<CommitRequest, "message" | "paths">,
): Promise<CommitState> {
  const files = changes.files.map(({ path }) => path);
  if (files.length === 0) return { type: "none" };
  if (changes.alsoRunning.length > 0)
    return skipped(`another run of ours worked in the same tree: ${changes.alsoRunning.join(", ")}`);
  const paths = [...new Set(changes.files.flatMap(({ path, from }) => (from === undefined ? [path] : [path, from])))];
  const before = new Set(changes.dirtyBefore);
  const dirty = paths.filter((path) => before.has(path));
  if (dirty.length > 0) return skipped(`not committed before the run, and changed in it: ${dirty.join(", ")}`);
  const commit = await commitFiles(tree, { ...request, message, paths });
  return commit.type === "made" ? { ...commit, files } : commit;
}

function skipped(reason: string): CommitState {
  return { type: "skipped", reason };
}
