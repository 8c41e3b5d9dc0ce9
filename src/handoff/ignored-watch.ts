import type { FileChange } from "../workspace/diff-trees.ts";
import { compareIgnored, type IgnoredFilter, type IgnoredTree, recordIgnored } from "../workspace/ignored-tree.ts";
import type { PrivateWork } from "../workspace/private-git.ts";

export interface TreePair {
  readonly before: string;
  readonly after: string;
}

/** The ignored files that a contract forbids, from one look to the next. */
export interface IgnoredWatch {
  readonly first: IgnoredTree;
  /** At the end of the last look. */
  readonly since: IgnoredTree;
  /** The paths that some turn has changed. */
  readonly touched: ReadonlySet<string>;
}

export interface IgnoredLook {
  readonly watch: IgnoredWatch;
  readonly files: readonly FileChange[];
  readonly trees: TreePair;
  /** What git ignored at the first look: a file or a folder in it is not the work's doing, even when it is ignored no longer. */
  wasIgnored(path: string): boolean;
}

export async function beginIgnored(work: PrivateWork, filter: IgnoredFilter | null): Promise<IgnoredWatch> {
  const first = await recordIgnored(work, filter ?? NONE, null);
  return { first, since: first, touched: new Set() };
}

/** What the turn before has done to them. */
export async function lookAtIgnored(
  work: PrivateWork,
  filter: IgnoredFilter | null,
  { first, since, touched: before }: IgnoredWatch,
): Promise<IgnoredLook> {
  const now = filter === null ? since : await recordIgnored(work, filter, since);
  const latest = await compareIgnored(work, since, now);
  const touched = new Set([...before, ...latest.flatMap(({ path, from = path }) => [path, from])]);
  const all = since === first ? latest : await compareIgnored(work, first, now);
  const entries = new Set(first.ignored);
  return {
    watch: { first, since: now, touched },
    files: all.filter(({ path }) => touched.has(path)),
    trees: { before: first.tree, after: now.tree },
    wasIgnored: (path) =>
      entries.has(path) ||
      path.split("/").some((_, at, parts) => at > 0 && entries.has(`${parts.slice(0, at).join("/")}/`)),
  };
}

const NONE: IgnoredFilter = { matches: () => false, reaches: () => false };
