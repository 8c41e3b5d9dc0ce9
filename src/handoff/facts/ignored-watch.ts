import type { FileChange } from "../../workspace/git/diff-trees.ts";
import type { PrivateWork } from "../../workspace/git/private-git.ts";
import { textOf } from "../../workspace/git/raw-names.ts";
import {
  compareIgnored,
  type IgnoredFilter,
  type IgnoredTree,
  listIgnored,
  recordIgnored,
} from "../../workspace/snapshot/ignored-tree.ts";
import { hiddenFiles, readExclude } from "./hidden-files.ts";

export interface TreePair {
  readonly before: string;
  readonly after: string;
}

/** What git ignores, from one look to the next: the files that a contract forbids, and what else the work makes git ignore. */
export interface IgnoredWatch {
  readonly first: IgnoredTree;
  /** At the end of the last look. */
  readonly since: IgnoredTree;
  /** The paths that some turn has changed. */
  readonly touched: ReadonlySet<string>;
  /** Where the rule stands by which the work has hidden a file. */
  readonly hidden: ReadonlyMap<string, string>;
  /** What else some turn has made, by entries of git's list. */
  readonly made: readonly string[];
  /** The repository's own ignore rules, as they were at the first look. */
  readonly exclude: string;
}

export interface IgnoredChange extends FileChange {
  readonly hiddenBy?: string;
}

export interface IgnoredLook {
  readonly watch: IgnoredWatch;
  readonly files: readonly IgnoredChange[];
  readonly trees: TreePair;
  /** What git ignored at the first look: a file or a folder in it is not the work's doing, even when it is ignored no longer. */
  wasIgnored(path: string): boolean;
}

export async function beginIgnored(work: PrivateWork, filter: IgnoredFilter): Promise<IgnoredWatch> {
  const listed = await listIgnored(work);
  const first = await recordIgnored(work, filter, null, { listed, names: listed.filter(isRules) });
  const exclude = await readExclude(work);
  return { first, since: first, touched: new Set(), hidden: new Map(), made: [], exclude };
}

/** What the turn before has done to them. `before`: the git tree of all other files, as it was at the first look. */
export async function lookAtIgnored(
  work: PrivateWork,
  filter: IgnoredFilter,
  { first, since, exclude, ...former }: IgnoredWatch,
  before: string,
): Promise<IgnoredLook> {
  const listed = await listIgnored(work);
  const wasSince = among(since.ignored);
  const wasIgnored = among(first.ignored);
  const fresh = listed.filter((name) => !wasSince(textOf(name)));
  const trees = [before, first.tree];
  const found = await hiddenFiles(work, fresh, wasSince, { trees, exclude });
  const names = [...listed.filter(isRules), ...found.files.keys()];
  const now = await recordIgnored(work, filter, since, { listed, names });
  const latest = await compareIgnored(work, since, now);
  const touched = new Set([...former.touched, ...latest.flatMap(({ path, from = path }) => [path, from])]);
  const all = since === first ? latest : await compareIgnored(work, first, now);
  // New ones are hidden by a new rule or not, like other files; what others say from now on is the work's.
  const rules = since.ignored.filter(isRules).map((path) => [path, path] as const);
  const newly = [...found.files].map(([name, source]) => [textOf(name), source] as const);
  const hidden = new Map([...former.hidden, ...rules, ...newly]);
  return {
    watch: { first, since: now, touched, hidden, made: [...former.made, ...found.others], exclude },
    files: all.flatMap((file) => {
      if (!touched.has(file.path)) return [];
      const hiddenBy = hidden.get(file.path) ?? (file.from === undefined ? undefined : hidden.get(file.from));
      return [hiddenBy === undefined ? file : { ...file, hiddenBy }];
    }),
    trees: { before: first.tree, after: now.tree },
    wasIgnored,
  };
}

/** Whether a path, or a folder around it, is one of these entries. */
function among(ignored: readonly string[]): (path: string) => boolean {
  const entries = new Set(ignored);
  return (path) =>
    entries.has(path) ||
    path.split("/").some((_, at, parts) => at > 0 && entries.has(`${parts.slice(0, at).join("/")}/`));
}

/** An ignored file can itself say what is ignored. */
function isRules(name: string): boolean {
  return /(?:^|\/)\.gitignore$/.test(name);
}
