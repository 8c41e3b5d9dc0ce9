import { lstatSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import type { Deed } from "../../claude/fold-run.ts";
import type { FileChange } from "../git/diff-trees.ts";

export interface KnownDeeds {
  readonly deeds: readonly Deed[];
  /** When the work began (ms since the epoch). */
  readonly since: number;
}

export interface SetApart<Change> {
  /** What the executor has changed. */
  readonly own: readonly Change[];
  /** Files that the person, or anyone else, has changed; sorted. */
  readonly meanwhile: readonly string[];
  /** The files among them that the executor has changed as well. */
  readonly mixed: ReadonlySet<string>;
}

/** Sets apart what the person changed while the executor worked: it is not the executor's work, and is never undone. */
export function setApart<Change extends FileChange>(
  files: readonly Change[],
  root: string,
  { deeds, since }: KnownDeeds,
): SetApart<Change> {
  // What was last written before all of it came here with its folder, which keeps that time.
  const known = (at: number | null) => (at === null || at < since - SLACK_MS ? null : at);
  const all = files.map((change) => ({ change, at: known(timeOf(change, root)) }));
  const own = all.filter((one) => isExecutors(one, root, deeds));
  const mixed = new Set(own.filter((one) => isOthersToo(one, root, deeds)).map(({ change }) => change.path));
  const others = all.filter((one) => !own.includes(one)).map(({ change }) => change.path);
  return { own: own.map(({ change }) => change), meanwhile: [...others, ...mixed].sort(), mixed };
}

/** A change, and when its file, or what became of its folder, was last written; null: that is not known. */
interface TimedChange {
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
    if (file !== null) return names.has(pathIn(root, file));
    // When a file was removed shows in its folder's time only, and the folder may have been written again since.
    const latest = change.kind === "deleted" || until === null ? Number.POSITIVE_INFINITY : until;
    return at === null || (at >= from - SLACK_MS && at <= latest + SLACK_MS);
  });
}

/** Whether a file was written again after the executor wrote it last: then someone else did. */
export function isOthersToo({ change, at }: TimedChange, root: string, deeds: readonly Deed[]): boolean {
  if (at === null || !isExecutors({ change, at }, root, deeds)) return false;
  return deeds.every(({ file, until }) => {
    if (until === null) return false;
    if (file !== null && pathIn(root, file) !== change.path) return true;
    return at > until + SLACK_MS;
  });
}

/** Claude Code also takes paths that are relative to the folder it works in. */
function pathIn(root: string, file: string): string {
  return relative(root, resolve(root, file));
}

// The kernel's clock for files lags by a tick, and a line is stamped when it is made.
const SLACK_MS = 50;

/** When a changed file was last written; for a deleted one, when its folder was. */
function timeOf(change: FileChange, root: string): number | null {
  for (let path = join(root, change.path); path.length >= root.length; path = dirname(path)) {
    const stats = lstatSync(path, { throwIfNoEntry: false });
    if (stats !== undefined) return stats.ctimeMs;
  }
  return null;
}
