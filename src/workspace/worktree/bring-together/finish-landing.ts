import { rm } from "node:fs/promises";
import { join } from "node:path";
import { readPlainBytes } from "../../../files/read-plain.ts";
import { realPlace } from "../../../files/real-place.ts";
import { replaceAt } from "../../../files/write-place.ts";
import type { WorkTree } from "../../git/find-work-tree.ts";
import { makePatch } from "../../git/patch-text.ts";
import { privateGit } from "../../git/private-git.ts";
import { textOf } from "../../git/raw-names.ts";
import type { IndexGit } from "../../git/read-status.ts";
import { lstatOf } from "../../git/stamps.ts";
import { changedEntries, type EntryChange, indexEntries, sameEntry } from "../../git/tree-entries.ts";
import { takeSnapshot } from "../../snapshot/snapshot.ts";
import { applyPatch } from "../../write/apply-patch.ts";
import type { Landing } from "./into-checkout.ts";

/**
 * Goes on with intoCheckout after its process was killed, at whatever point: files that are as before or as they should become are fine,
 * one that was being written is put back first, and then all of it is applied. An edit of the user's is refused as there.
 */
export async function finishLanding(
  tree: WorkTree,
  { base, commit }: { readonly base: string; readonly commit: string },
  folder: string,
): Promise<Landing> {
  const now = await takeSnapshot(tree, folder);
  if (now.head !== base) return { type: "refused", reason: "moved", what: [now.head ?? "no commit"] };
  const git = privateGit({ tree, folder, filters: now.filters }, "index.landing");
  const changes = await changedEntries(git, base, commit, { renames: false });
  await git(["read-tree", now.tree]);
  const present = await indexEntries(git);
  const odd = changes.filter(({ path, before, after }) => {
    const entry = present.get(path) ?? null;
    return !sameEntry(entry, before) && !sameEntry(entry, after);
  });
  for (const change of odd) {
    if (!(await isHalfWritten(git, tree, change)))
      return { type: "refused", reason: "dirty", what: [textOf(change.path)] };
  }
  for (const change of odd) await putBack(git, tree, change);
  const patch = await makePatch(git, base, commit, { renames: true });
  const result = await applyPatch(tree, { base, patch }, folder);
  if (result.type === "conflicts") return { type: "refused", reason: "blocked", what: result.paths };
  return { type: "applied", files: result.type === "applied" ? result.files : [] };
}

/** Not there yet, or the beginning of what it should become: git removes a file and then writes it anew. */
async function isHalfWritten(git: IndexGit, tree: WorkTree, { path, before, after }: EntryChange): Promise<boolean> {
  if (![before, after].every((entry) => entry === null || entry.mode.startsWith("100"))) return false;
  const stats = lstatOf(tree, path);
  if (stats === undefined) return true;
  if (!stats.isFile() || after === null) return false;
  const whole = await blobOf(git, after.id);
  const there = readPlainBytes(join(tree.root, textOf(path)));
  return there.length < whole.length && whole.subarray(0, there.length).equals(there);
}

async function putBack(git: IndexGit, tree: WorkTree, { path, before }: EntryChange): Promise<void> {
  const place = join(tree.root, textOf(path));
  if (before === null) return rm(place, { force: true });
  const mode = before.mode === "100755" ? 0o777 : 0o666;
  replaceAt(realPlace(place, tree.root), await blobOf(git, before.id), { mode, folderMode: 0o777 });
}

async function blobOf(git: IndexGit, id: string): Promise<Buffer> {
  return Buffer.from(await git(["cat-file", "blob", id]), "latin1");
}
