import { filteredFiles } from "../git/filtered-files.ts";
import type { WorkTree } from "../git/find-work-tree.ts";
import { runGit } from "../git/git.ts";
import { type PrivateWork, privateGit, treeOfIndex } from "../git/private-git.ts";
import { copyIndex } from "../git/private-index.ts";
import { nulTerminated, rawOf, textOf } from "../git/raw-names.ts";
import { readSettings } from "../git/read-settings.ts";
import type { IndexGit } from "../git/read-status.ts";
import { lstatOf } from "../git/stamps.ts";
import {
  changedEntries,
  type Entry,
  type EntryChange,
  indexEntries,
  putEntries,
  sameEntry,
} from "../git/tree-entries.ts";

/** Work that was looked at. */
export interface LookedAt {
  /** Git trees from before and after the work. */
  readonly before: string;
  readonly after: string;
  /** The private folder that their objects are in. */
  readonly snapshots: string;
}

export interface CommitIndex {
  /** All that will be committed, as a tree in the repository. */
  readonly tree: string;
  /** The raw names of the files that it should take. */
  readonly names: ReadonlySet<string>;
  /** Files that are not as they were looked at, as text. With one such file the index must not be committed. */
  readonly differing: readonly string[];
  /** The raw names of what differs from HEAD in it. */
  readonly changed: readonly string[];
}

interface Preparation extends LookedAt {
  /** The commit or tree that the commit is made upon. */
  readonly base: string;
  /** Where the index goes. */
  readonly file: string;
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/**
 * Makes an index of what HEAD has and, from the disk and through the user's own filters, these files (as text), none of which
 * differed from HEAD before the work. The user's own index stays as it is.
 */
export async function prepareCommitIndex(
  tree: WorkTree,
  paths: readonly string[],
  { base, file, env, signal, ...look }: Preparation,
): Promise<CommitIndex> {
  const { filters } = await readSettings(tree, signal);
  const work: PrivateWork = { tree, folder: look.snapshots, filters, signal };
  const wanted = await wantedFiles(work, paths, look);
  const filtered = await filteredFiles(tree, paths, filters, signal);
  const isFiltered = ({ path }: EntryChange) => filtered.has(textOf(path));
  const git: IndexGit = (command, input) =>
    runGit(command, {
      cwd: tree.root,
      env: { ...env, GIT_INDEX_FILE: file },
      config: ["core.fsync=default"],
      signal,
      ...(input ? { input } : {}),
    });
  // What git knows of unchanged files spares it a look at each.
  await copyIndex(tree.index, file);
  await git(["read-tree", "--reset", base]);
  // Entries without a flag that hides the file (assume-unchanged, skip-worktree) or a time that vouches for it.
  const names = [...wanted.known.map(({ path }) => path), ...wanted.unknown];
  const known = wanted.known.map(({ path, before }) => [path, before] as const);
  await putEntries(git, new Map([...known, ...(await unlooked(git, wanted.unknown))]));
  await putFromDisk(git, tree, names);
  const prepared = await treeOfIndex(git);
  const now = new Map((await changedEntries(git, base, prepared, { renames: false })).map((one) => [one.path, one]));
  const other = wanted.known.filter((one) => !isFiltered(one) && !sameEntry(entryNow(now, one), one.after));
  const chosen = new Set(names);
  const beyond = [...now.keys()].filter((name) => !chosen.has(name));
  // Judged as changed, and yet for git as it was.
  const unseen = wanted.unknown.filter((name) => !now.has(name));
  const edited = await editedOnDisk(work, look.after, wanted.known.filter(isFiltered));
  const differing = new Set([
    ...wanted.lost,
    ...[...other.map(({ path }) => path), ...beyond, ...unseen, ...edited].map(textOf),
  ]);
  return { tree: prepared, names: chosen, differing: [...differing].sort(), changed: [...now.keys()] };
}

/** What the index holds under the names of files that no tree has: null where there is nothing. */
async function unlooked(git: IndexGit, names: readonly string[]): Promise<[string, Entry | null][]> {
  if (names.length === 0) return [];
  const entries = await indexEntries(git);
  return names.map((name) => [name, entries.get(name) ?? null]);
}

interface Wanted {
  /** What became of them; raw names. */
  readonly known: readonly EntryChange[];
  /** Files that are in no tree, because they are too big or repositories of their own; raw names. */
  readonly unknown: readonly string[];
  /** Files of which there is no trace any more, as text. */
  readonly lost: readonly string[];
}

async function wantedFiles(work: PrivateWork, paths: readonly string[], { before, after }: LookedAt): Promise<Wanted> {
  const wanted = new Set(paths);
  const changes = await changedEntries(privateGit(work, "index.commit"), before, after, { renames: false });
  const known = changes.filter(({ path }) => wanted.has(textOf(path)));
  const told = new Set(known.map(({ path }) => textOf(path)));
  const rest = paths.filter((path) => !told.has(path)).map(rawOf);
  const unknown = rest.filter((name) => isThere(work.tree, name));
  return { known, unknown, lost: rest.filter((name) => !unknown.includes(name)).map(textOf) };
}

function entryNow(now: ReadonlyMap<string, EntryChange>, { path, before }: EntryChange): EntryChange["after"] {
  const change = now.get(path);
  return change === undefined ? before : change.after;
}

/** Through a filter a file has another id than it had for us: such files are read once more without one. */
async function editedOnDisk(work: PrivateWork, after: string, files: readonly EntryChange[]): Promise<string[]> {
  if (files.length === 0) return [];
  const git = privateGit(work, "index.commit");
  await git(["read-tree", after]);
  await putFromDisk(
    git,
    work.tree,
    files.map(({ path }) => path),
  );
  return (await changedEntries(git, after, await treeOfIndex(git), { renames: false })).map(({ path }) => path);
}

async function putFromDisk(git: IndexGit, tree: WorkTree, names: readonly string[]): Promise<void> {
  const there = names.filter((name) => isThere(tree, name));
  const gone = names.filter((name) => !there.includes(name));
  if (gone.length > 0) await git(["update-index", "--force-remove", "-z", "--stdin"], nulTerminated(gone));
  // --remove: one may be gone by now.
  if (there.length > 0)
    await git(["update-index", "--add", "--remove", "--replace", "-z", "--stdin"], nulTerminated(there));
}

/** A file, a link or a repository, to which no link leads. */
function isThere(tree: WorkTree, name: string): boolean {
  const folders = name.split("/").slice(0, -1);
  const isFolder = (path: string) => lstatOf(tree, path)?.isDirectory() === true;
  if (!folders.every((_, at) => isFolder(folders.slice(0, at + 1).join("/")))) return false;
  return isFolder(name) ? lstatOf(tree, `${name}/.git`) !== undefined : lstatOf(tree, name) !== undefined;
}
