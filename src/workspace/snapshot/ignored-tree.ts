import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { diffTrees, type FileChange } from "../git/diff-trees.ts";
import type { WorkTree } from "../git/find-work-tree.ts";
import { ignoreRules } from "../git/ignore-rules.ts";
import { type PrivateWork, privateGit, treeOfIndex } from "../git/private-git.ts";
import { readNote, writeNote } from "../git/private-index.ts";
import { fieldsOf, nulTerminated, pathOf, rawOf, textOf } from "../git/raw-names.ts";
import type { IndexGit } from "../git/read-status.ts";
import { isHashable, isUntrackedAndBig, lstatOf, stampOf } from "../git/stamps.ts";
import { addStampedChanges } from "./stamped-changes.ts";

/** Which ignored files to look at; paths are relative to the root. */
export interface IgnoredFilter {
  matches(path: string): boolean;
  /** Whether anything below this folder can match. */
  reaches(folder: string): boolean;
}

/** Ignored files at one moment. */
export interface IgnoredTree {
  /** A git tree of them; its objects are in the private folder. */
  readonly tree: string;
  /** Files that are big or cannot be read, by size and time. */
  readonly stamps: ReadonlyMap<string, string>;
  /** All that git ignored, ignored folders as a whole with a slash at their end. */
  readonly ignored: readonly string[];
}

/** What is recorded beside the files that a filter wants. */
export interface IgnoredMore {
  /** All that git ignores, when someone has looked already. */
  readonly listed: readonly string[];
  /** Raw names of further files. */
  readonly names: readonly string[];
}

/**
 * Records the ignored files that the filter wants, and those of the record before, whatever has become of them. In an index of its
 * own in the private folder, so that the work tree's other files stay apart from them.
 */
export async function recordIgnored(
  work: PrivateWork,
  filter: IgnoredFilter,
  former: IgnoredTree | null,
  more?: IgnoredMore,
): Promise<IgnoredTree> {
  const { tree } = work;
  const listed = more?.listed ?? (await listIgnored(work));
  const git = privateGit(work, IGNORED);
  const recorded = hasIndex(work) ? await recordedNames(git) : [];
  const known = [...recorded, ...[...(former?.stamps.keys() ?? [])].map(rawOf)];
  const there = known.filter((name) => isFile(tree, name));
  const wanted = [...listed.flatMap((name) => wantedIn(tree, name, filter)), ...(more?.names ?? [])];
  const names = [...new Set([...wanted, ...there])];
  const isStamped = (name: string) => !isHashable(tree, name) || isUntrackedAndBig(tree, { name, inHead: false });
  const stamped = new Set(names.filter(isStamped));
  const hashed = new Set(names.filter((name) => !stamped.has(name)));
  const gone = known.filter((name) => !hashed.has(name));
  if (gone.length > 0) await git(["update-index", "--force-remove", "-z", "--stdin"], nulTerminated(gone));
  if (hashed.size > 0) {
    // --remove: one may be gone by now.
    await git(["update-index", "--add", "--remove", "--replace", "-z", "--stdin"], nulTerminated([...hashed]));
  }
  return {
    tree: hasIndex(work) ? await treeOfIndex(git) : await emptyTree(work, git),
    stamps: new Map([...stamped].map((name) => [textOf(name), stampOf(tree, name)])),
    ignored: listed.map(textOf),
  };
}

const IGNORED = "index.ignored";

/** Nothing was recorded so far where there is none. */
function hasIndex({ folder }: PrivateWork): boolean {
  return existsSync(join(folder, IGNORED));
}

/** What it is called depends on the repository's kind of ids; asked once in a private folder. */
async function emptyTree({ folder }: PrivateWork, git: IndexGit): Promise<string> {
  const known = await readNote(folder, "empty");
  if (known !== undefined) return known;
  const id = (await git(["hash-object", "-t", "tree", "--stdin"], Buffer.alloc(0))).trim();
  await writeNote(folder, "empty", id);
  return id;
}

/** What has become of ignored files between two records in the same private folder. */
export async function compareIgnored(
  work: PrivateWork,
  before: IgnoredTree,
  after: IgnoredTree,
): Promise<readonly FileChange[]> {
  const { tree, folder, filters, signal } = work;
  const hashed = await diffTrees({ tree, folder }, { ...before, filters }, { ...after, filters }, signal);
  return addStampedChanges(hashed, before.stamps, after.stamps);
}

/**
 * All that git ignores, raw names. A folder that a rule is about is one entry with a slash at its end, and no one looks into it; git
 * lists one in which only all files are ignored just like that, but a further file in it would not be.
 */
export async function listIgnored(work: PrivateWork): Promise<string[]> {
  const git = privateGit(work, "index");
  const entries: string[] = [];
  let open = fieldsOf(await git(["ls-files", "-z", "--others", "--ignored", "--exclude-standard", "--directory"]));
  while (open.length > 0) {
    const folders = open.filter((name) => name.endsWith("/"));
    const rules = await ignoreRules(work, folders);
    const inner = new Set(folders.filter((name) => !rules.has(name)));
    entries.push(...open.filter((name) => !inner.has(name)));
    open = [...inner].flatMap((name) => childrenOf(work.tree, name));
  }
  return entries;
}

/** The files that one of these entries stands for and the filter wants, raw names. */
export function wantedIn(tree: WorkTree, name: string, filter: IgnoredFilter): string[] {
  const path = textOf(name);
  if (!name.endsWith("/")) return filter.matches(path) ? [name] : [];
  return filter.reaches(path.slice(0, -1)) ? filesBelow(tree, name.slice(0, -1), filter) : [];
}

// A repository in there keeps its own affairs to itself, but its files are ignored files like others.
function filesBelow(tree: WorkTree, folder: string, filter: IgnoredFilter): string[] {
  const names = readdirSync(pathOf(tree.root, folder), { encoding: "latin1" });
  return names.flatMap((entry) => {
    const name = `${folder}/${entry}`;
    const stats = lstatOf(tree, name);
    if (stats === undefined || entry === ".git") return [];
    if (stats.isDirectory()) return filter.reaches(textOf(name)) ? filesBelow(tree, name, filter) : [];
    return (stats.isFile() || stats.isSymbolicLink()) && filter.matches(textOf(name)) ? [name] : [];
  });
}

function childrenOf(tree: WorkTree, folder: string): string[] {
  return readdirSync(pathOf(tree.root, folder), { encoding: "latin1" }).flatMap((entry) => {
    const name = `${folder}${entry}`;
    const stats = lstatOf(tree, name);
    if (stats === undefined || entry === ".git") return [];
    if (stats.isDirectory()) return [`${name}/`];
    return stats.isFile() || stats.isSymbolicLink() ? [name] : [];
  });
}

/** A file or a link, to which no link leads. */
function isFile(tree: WorkTree, name: string): boolean {
  const stats = lstatOf(tree, name);
  const folders = name.split("/").slice(0, -1);
  const parents = folders.map((_, at) => folders.slice(0, at + 1).join("/"));
  return (
    (stats?.isFile() || stats?.isSymbolicLink()) === true &&
    parents.every((parent) => lstatOf(tree, parent)?.isDirectory() === true)
  );
}

async function recordedNames(git: IndexGit): Promise<string[]> {
  return fieldsOf(await git(["ls-files", "-z"]));
}
