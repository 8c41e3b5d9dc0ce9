import { join } from "node:path";
import { AskCodexError, messageOf } from "../../errors.ts";
import { diffTrees, type FileChange, GITLINK } from "../git/diff-trees.ts";
import { filteredFiles } from "../git/filtered-files.ts";
import type { WorkTree } from "../git/find-work-tree.ts";
import { GitError } from "../git/git.ts";
import { feedPatch, makePatch } from "../git/patch-text.ts";
import { type PrivateWork, privateGit, treeOfIndex } from "../git/private-git.ts";
import { openPrivateIndex } from "../git/private-index.ts";
import { nulTerminated, textOf } from "../git/raw-names.ts";
import { readSettings } from "../git/read-settings.ts";
import { changedEntries, type EntryChange, indexEntries, putEntries } from "../git/tree-entries.ts";
import { recordWhole, type WholeTree } from "../snapshot/record-whole.ts";
import { writeChanges } from "./changes.ts";
import { inTheWay } from "./in-the-way.ts";
import { mergeChanges } from "./merge-changes.ts";

/** A patch, and the commit that it starts from. */
export interface BasedPatch {
  readonly base: string;
  /** For `git apply`; empty when nothing changed. */
  readonly patch: Buffer;
}

export type Application =
  /** What changed in the work tree: less than the patch, or nothing, when it was there already. */
  | { readonly type: "applied"; readonly files: readonly FileChange[] }
  /** Nothing was written. */
  | { readonly type: "conflicts"; readonly paths: readonly string[] }
  /** The patch has no changes. */
  | { readonly type: "empty" };

/**
 * Merges a patch into the work tree with whatever the user has there, uncommitted and untracked files included; all of
 * it or nothing. The repository is only read: index, refs and objects of the merge are in `folder`, which is private to
 * this call. Once it writes, the signal is no longer heeded. Throws an AskCodexError when that fails, or the patch does
 * not belong to this repository, and a GitError with git's own complaint.
 */
export async function applyPatch(
  tree: WorkTree,
  { base, patch }: BasedPatch,
  folder: string,
  signal?: AbortSignal,
): Promise<Application> {
  if (patch.length === 0) return { type: "empty" };
  const { filters } = await readSettings(tree, signal);
  const work: PrivateWork = { tree, folder, filters, signal };
  await openPrivateIndex(tree, folder);
  const changes = await changesOf(work, base, patch);
  const present = await recordPresent(work, changes);

  const merged = await mergeChanges(present.git, join(folder, "merge"), changes, await indexEntries(present.git));
  if (merged.conflicts.length > 0) return conflicts(merged.conflicts);
  await putEntries(present.git, merged.entries);
  const end = await treeOfIndex(present.git);
  const writes = await changedEntries(present.git, present.tree, end, { renames: false });
  const blocked = [
    ...swallowed(writes, merged.entries),
    ...beyondGit(changes, writes, present),
    ...inTheWay(tree, writes),
  ];
  if (blocked.length > 0) return conflicts(blocked);
  if (writes.length === 0) return { type: "applied", files: [] };

  const difference = await makePatch(present.git, present.tree, end, { renames: false });
  const files = await diffTrees({ tree, folder }, { tree: present.tree, filters }, { tree: end, filters }, signal);
  signal?.throwIfAborted();
  const unstoppable = privateGit({ ...work, signal: undefined }, "index");
  const paths = writes.map(({ path }) => path);
  await writeChanges(unstoppable, { tree, folder }, { patch: difference, paths });
  return { type: "applied", files };
}

async function changesOf(work: PrivateWork, base: string, patch: Buffer): Promise<EntryChange[]> {
  const git = privateGit(work, "index.patched");
  try {
    await git(["read-tree", base]);
    await feedPatch(git, patch, "--cached");
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    const hint = `It belongs to the commit ${base}, which must still be in this repository.`;
    throw new AskCodexError("internal", `the patch cannot be read: ${messageOf(error)}`, { hint, cause: error });
  }
  return changedEntries(git, base, await treeOfIndex(git), { renames: true });
}

/** The work tree as it is now; what the patch is about is taken from the disk. */
async function recordPresent(work: PrivateWork, changes: readonly EntryChange[]): Promise<WholeTree> {
  const { tree, folder, filters, signal } = work;
  const touched = namesOf(changes);
  const whole = await recordWhole(tree, folder, (name) => touched.has(name), signal);
  // The index has what the filter made of an unedited file, and the patch has to fit what lies there.
  const filtered = await filteredFiles(tree, [...touched].map(textOf), filters, signal);
  const entries = filtered.size === 0 ? new Map() : await indexEntries(whole.git);
  const again = [...touched].filter((name) => filtered.has(textOf(name)) && entries.has(name));
  if (again.length === 0) return whole;
  await whole.git(["update-index", "--force-remove", "-z", "--stdin"], nulTerminated(again));
  await whole.git(["update-index", "--add", "--remove", "-z", "--stdin"], nulTerminated(again));
  return { ...whole, tree: await treeOfIndex(whole.git) };
}

/** What would have to go although the patch says nothing of it: a file where it needs a folder, or the reverse. */
function swallowed(writes: readonly EntryChange[], merged: ReadonlyMap<string, unknown>): string[] {
  return writes.map(({ path }) => path).filter((path) => !merged.has(path));
}

/** What git can neither compare nor write: unreadable and special files, and the commits of submodules. */
function beyondGit(changes: readonly EntryChange[], writes: readonly EntryChange[], present: WholeTree): string[] {
  const touched = namesOf(changes);
  const isCommit = ({ before, after }: EntryChange) => [before?.mode, after?.mode].includes(GITLINK);
  return [...present.missing.filter((name) => touched.has(name)), ...writes.filter(isCommit).map(({ path }) => path)];
}

function namesOf(changes: readonly EntryChange[]): ReadonlySet<string> {
  return new Set(changes.flatMap(({ path, from }) => (from === undefined ? [path] : [path, from])));
}

function conflicts(names: readonly string[]): Application {
  return { type: "conflicts", paths: [...new Set(names.map(textOf))].sort() };
}
