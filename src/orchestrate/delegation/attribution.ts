import { lstatSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import type { Deed } from "../../claude/fold-run.ts";
import type { FileChange } from "../../workspace/git/diff-trees.ts";

/** A change, and when its file, or what became of its folder, was last written; null: that cannot be told. */
export interface TimedChange {
  readonly change: FileChange;
  readonly at: number | null;
}

/**
 * The changes that are the executor's: it has named the file, or one of its commands ran when the file was last written. What the person
 * changes meanwhile is neither. When in doubt a change is the executor's.
 */
export function isExecutors({ change, at }: TimedChange, root: string, deeds: readonly Deed[]): boolean {
  const names = new Set([change.path, change.from].flatMap((path) => path ?? []));
  return deeds.some(({ file, from, until }) => {
    if (file !== null) return names.has(relative(root, file));
    return at === null || (at >= from - SLACK_MS && at <= (until ?? Number.POSITIVE_INFINITY) + SLACK_MS);
  });
}

/** Whether a file was written again after the executor wrote it last: then somebody else did. */
export function isOthersToo({ change, at }: TimedChange, root: string, deeds: readonly Deed[]): boolean {
  if (at === null || !isExecutors({ change, at }, root, deeds)) return false;
  return deeds.every(({ file, until }) => {
    if (until === null) return false;
    if (file !== null && relative(root, file) !== change.path) return true;
    return at > until + SLACK_MS;
  });
}

// The kernel's clock for files lags by a tick, and a line is stamped when it is made.
const SLACK_MS = 50;

/** When a changed file was last written. Of one that is gone its folder says it. */
export function timed(change: FileChange, root: string): TimedChange {
  for (let path = join(root, change.path); path.length >= root.length; path = dirname(path)) {
    const stats = lstatSync(path, { throwIfNoEntry: false });
    if (stats !== undefined) return { change, at: stats.ctimeMs };
  }
  return { change, at: null };
}
