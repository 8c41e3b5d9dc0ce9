import { dirname, join, relative, resolve } from "node:path";
import { readPlainOr } from "../../files/read-plain.ts";
import { type IgnoreRule, ignoreRules } from "../../workspace/git/ignore-rules.ts";
import type { PrivateWork } from "../../workspace/git/private-git.ts";
import { textOf } from "../../workspace/git/raw-names.ts";
import { readBlobs } from "../../workspace/git/read-blobs.ts";
import { wantedIn } from "../../workspace/snapshot/ignored-tree.ts";

/** Where the ignore rules from before the work are. */
export interface OldRules {
  /** Git trees, of the files that are ignored and of the others. */
  readonly trees: readonly string[];
  /** What `.git/info/exclude` was. */
  readonly exclude: string;
}

export interface HiddenFiles {
  /** Files that git ignores by rules of the work's own: where the rule stands, by raw name. */
  readonly files: ReadonlyMap<string, string>;
  /** What git ignores in any case, or as the cache that it says it is: paths, folders with a slash at their end. */
  readonly others: readonly string[];
}

/**
 * Sorts what git ignores now, and did not before, by whose rule it is: an entry that a rule from before is about would have been
 * ignored whoever made it, one that a new rule is about was hidden by the work (of all that are about it git names the outermost). `entries` are raw names; `wasIgnored` says of what is
 * in them whether it is new at all.
 */
export async function hiddenFiles(
  work: PrivateWork,
  entries: readonly string[],
  wasIgnored: (path: string) => boolean,
  old: OldRules,
): Promise<HiddenFiles> {
  const rules = await ignoreRules(work, entries);
  const isOld = await knownRules(work, [...rules.values()], old);
  const caches = await cacheFolders(work, [...rules.values()]);
  const files = new Map<string, string>();
  const others = new Set<string>();
  for (const [name, rule] of rules) {
    const cache = `${dirname(rule.source)}/`;
    if (isOld(rule)) others.add(textOf(name));
    else if (caches.has(cache)) others.add(cache);
    else
      for (const inner of wantedIn(work.tree, name, ALL)) if (!wasIgnored(textOf(inner))) files.set(inner, rule.source);
  }
  return { files, others: [...others].sort() };
}

/** The file of the repository's own ignore rules; empty without one. */
export async function readExclude({ tree }: Pick<PrivateWork, "tree">): Promise<string> {
  return readPlainOr(join(tree.commonDir, "info", "exclude"), "", { follow: true });
}

/** Whether a rule stood where it stands before the work began, even if something else in its file has changed. */
async function knownRules(
  work: PrivateWork,
  rules: readonly IgnoreRule[],
  { trees, exclude }: OldRules,
): Promise<(rule: IgnoreRule) => boolean> {
  const { root, commonDir } = work.tree;
  const inside = [...new Set(rules.map(({ source }) => source))].filter((source) => !isOutside(root, source));
  const former = new Map<string, Set<string>>();
  for (const tree of trees) {
    for (const [source, text] of await readBlobs(work, tree, inside))
      if (text !== null) former.set(source, rulesIn(text));
  }
  const excluded = rulesIn(exclude);
  return (rule) => {
    if (resolve(root, rule.source) === join(commonDir, "info", "exclude")) return excluded.has(rule.pattern.trimEnd());
    // The user's own rules for all repositories lie where no run of ours writes.
    return isOutside(root, rule.source) || former.get(rule.source)?.has(rule.pattern.trimEnd()) === true;
  };
}

function isOutside(root: string, source: string): boolean {
  return relative(root, resolve(root, source)).startsWith("..");
}

function rulesIn(text: string): Set<string> {
  return new Set(
    text
      .replace(/^\ufeff/, "")
      .split("\n")
      .map((line) => line.trimEnd()),
  );
}

/**
 * Folders that ignore themselves and say of themselves that they are a cache (bford.info/cachedir): tools such as pytest and ruff make
 * them wherever they are started.
 */
async function cacheFolders({ tree }: PrivateWork, rules: readonly IgnoreRule[]): Promise<ReadonlySet<string>> {
  const folders = [...new Set(rules.map(({ source }) => dirname(source)))].filter((folder) => folder !== ".");
  const tags = folders.map((folder) => readPlainOr(join(tree.root, folder, "CACHEDIR.TAG"), "", { follow: true }));
  return new Set(folders.filter((_, at) => tags[at]?.startsWith(CACHE_SIGNATURE)).map((folder) => `${folder}/`));
}

const CACHE_SIGNATURE = "Signature: 8a477f597d28d172789f06886806bc55";

const ALL = { matches: () => true, reaches: () => true };
