import { chmod, stat } from "node:fs/promises";
import { inBatches } from "../../bounds/in-batches.ts";
import { AskCodexError } from "../../errors.ts";
import { writeWhole } from "../../files/write-whole.ts";
import type { FileChange } from "../git/diff-trees.ts";
import { GITLINK } from "../git/diff-trees.ts";
import { filteredFiles } from "../git/filtered-files.ts";
import { makePatch } from "../git/patch-text.ts";
import { type PrivateWork, privateGit, treeOfIndex } from "../git/private-git.ts";
import { pathOf, textOf } from "../git/raw-names.ts";
import type { IndexGit } from "../git/read-status.ts";
import { lstatOf } from "../git/stamps.ts";
import { changedEntries, type EntryChange, putEntries } from "../git/tree-entries.ts";
import { writeChanges } from "./changes.ts";
import { inTheWay } from "./in-the-way.ts";

/** Which changes to undo. */
export interface Undo extends PrivateWork {
  /** Git trees whose objects are in the private folder. The files on the disk are as in `after`. */
  readonly before: string;
  readonly after: string;
  /** As the comparison of the two reported them; a renamed file under both of its names. */
  readonly files: readonly Pick<FileChange, "path" | "from" | "kind">[];
}

export interface RestoredFiles {
  /** Files that are as they were before. */
  readonly paths: readonly string[];
  /** Files that were left as they are, because what they were is not known to us. */
  readonly left: readonly string[];
}

/** An undoing that nothing on the disk stands against. */
export interface PreparedUndo extends RestoredFiles {
  /** From the files as they were to the files as they are now. */
  readonly patch: Buffer;
  /** The patch's entries. */
  readonly entries: readonly EntryChange[];
  write(): Promise<void>;
}

/**
 * Puts exactly these files back as they were in the tree before, after what became of them is saved as a patch; folders that
 * only they were in go as well. All of it or nothing; index, refs and configuration are not touched. Throws an AskCodexError when the
 * disk is no longer as in the tree after, or something is in the way.
 */
export async function restoreFiles(undo: Undo, patchPath: string): Promise<RestoredFiles> {
  const prepared = await prepareUndo(undo);
  if (prepared.paths.length > 0) {
    await writeWhole(patchPath, prepared.patch);
    await prepared.write();
  }
  return { paths: prepared.paths, left: prepared.left };
}

/** Looks whether the files can be put back, and writes nothing yet. */
export async function prepareUndo(undo: Undo): Promise<PreparedUndo> {
  const { tree, folder, filters, signal, before, after } = undo;
  const git = privateGit(undo, "index.undone");
  const sides = sidesOf(undo.files);
  // For a filtered file one tree has what is on the disk, the other what is in the commit.
  const filtered = await filteredFiles(tree, [...sides.keys()], filters, signal);
  const differing = await changedEntries(git, before, after, { renames: false });
  const entries = differing.filter((entry) => {
    const path = textOf(entry.path);
    const side = sides.get(path);
    const isWhole =
      side !== undefined && side.before === (entry.before !== null) && side.after === (entry.after !== null);
    return isWhole && !filtered.has(path) && !isRepository(entry);
  });
  const paths = entries.map(({ path }) => textOf(path));
  const known = new Set(paths);
  const undone = { paths, left: [...sides.keys()].filter((path) => !known.has(path)).sort(), entries };
  if (entries.length === 0) return { ...undone, patch: Buffer.alloc(0), write: async () => {} };

  await git(["read-tree", after]);
  await putEntries(git, new Map(entries.map((entry) => [entry.path, entry.before])));
  const target = await treeOfIndex(git);
  const writes = await changedEntries(git, after, target, { renames: false });
  const swallowed = writes.map(({ path }) => textOf(path)).filter((path) => !known.has(path));
  const blocked = [...swallowed, ...inTheWay(tree, writes).map(textOf)];
  if (blocked.length > 0) throw notFree(blocked);
  const patch = await makePatch(git, target, after, { renames: true });
  const reverse = await makePatch(git, after, target, { renames: false });
  signal?.throwIfAborted();
  const unstoppable: IndexGit = privateGit({ ...undo, signal: undefined }, "index.undone");
  return {
    ...undone,
    patch,
    async write() {
      const modes = await modesOf(undo, entries);
      const names = entries.map(({ path }) => path);
      await writeChanges(unstoppable, { tree, folder }, { patch: reverse, paths: names });
      for (const [path, mode] of modes) await chmod(path, mode);
    },
  };
}

/** Under which names there was a file, and is one. A tree that says otherwise lacks a file that only a stamp stands for. */
function sidesOf(files: Undo["files"]): ReadonlyMap<string, { readonly before: boolean; readonly after: boolean }> {
  return new Map(
    files.flatMap(({ path, from, kind }) => {
      const own = { before: kind !== "added" && kind !== "renamed", after: kind !== "deleted" };
      return [[path, own] as const, ...(from === undefined ? [] : [[from, { before: true, after: false }] as const])];
    }),
  );
}

/** Git knows of a mode only who may execute; what else there was of it (0600) stays. */
async function modesOf(
  { tree }: Undo,
  entries: readonly EntryChange[],
): Promise<readonly (readonly [path: Buffer, mode: number])[]> {
  const files = entries.filter(({ path, before }) => before?.mode.startsWith("100") && lstatOf(tree, path)?.isFile());
  return inBatches(files, async ({ path, before }) => {
    const full = pathOf(tree.root, path);
    const plain = (await stat(full)).mode & 0o666;
    return [full, before?.mode === "100755" ? plain | ((plain & 0o444) >> 2) : plain] as const;
  });
}

function isRepository({ before, after }: EntryChange): boolean {
  return [before?.mode, after?.mode].includes(GITLINK);
}

function notFree(paths: readonly string[]): AskCodexError {
  const names = paths.map((path) => JSON.stringify(path)).join(", ");
  const hint = "Nothing was written. Move them out of the way, or keep what the run has done.";
  return new AskCodexError("internal", `the files cannot be put back, others are in the way: ${names}`, { hint });
}
