import { diffTrees, type FileChange, type SnapshotStore } from "../git/diff-trees.ts";
import { filteredFiles } from "../git/filtered-files.ts";
import { movedRefs, type RefMove } from "../git/refs.ts";
import { lostTests } from "../git/test-files.ts";
import type { Snapshot } from "./snapshot.ts";
import { addStampedChanges } from "./stamped-changes.ts";

export interface HeadMove {
  /** Commits; null: none yet. */
  readonly from: string | null;
  readonly to: string | null;
  /** Short names; null: HEAD is detached. */
  readonly fromBranch: string | null;
  readonly toBranch: string | null;
}

/** What happened in a work tree between two snapshots. */
export interface WorkTreeChanges {
  /** Sorted by path. Edits from before the first snapshot are not in here. */
  readonly files: readonly FileChange[];
  /** Another commit, another branch, or both. */
  readonly headMoved: HeadMove | null;
  readonly refsMoved: readonly RefMove[];
  /** Tests that were deleted, or renamed to something else than a test. */
  readonly deletedTests: readonly string[];
  /** Files that differed from HEAD already at the first snapshot. */
  readonly dirtyBefore: readonly string[];
}

/** Compares two snapshots that were taken in the same private folder. Throws a GitError. */
export async function compareSnapshots(
  store: SnapshotStore,
  before: Snapshot,
  after: Snapshot,
  signal?: AbortSignal,
): Promise<WorkTreeChanges> {
  const hashed = await diffTrees(store, before, after, signal);
  const files = addStampedChanges(hashed, before.stamps, after.stamps).sort(byPath);
  const filters = [...before.filters, ...after.filters];
  const paths = files.map(({ path }) => path);
  const filtered = await filteredFiles(store.tree, paths, filters, signal);
  return {
    // Unfiltered on the disk, filtered in the commit: a count of lines between the two would be noise.
    files: files.map((file) => (filtered.has(file.path) ? { ...file, added: null, removed: null } : file)),
    headMoved: headMove(before, after),
    refsMoved: movedRefs(before.refs, after.refs),
    deletedTests: lostTests(files),
    dirtyBefore: before.dirty,
  };
}

function headMove(before: Snapshot, after: Snapshot): HeadMove | null {
  if (before.head === after.head && before.branch === after.branch) return null;
  return { from: before.head, to: after.head, fromBranch: before.branch, toBranch: after.branch };
}

function byPath(one: FileChange, other: FileChange): number {
  return one.path < other.path ? -1 : 1;
}
