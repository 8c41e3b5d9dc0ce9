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

interface Commits {
  /** The tree as it was found. */
  readonly base: string;
  /** What it will become. */
  readonly commit: string;
}

/** How far a change came whose writer was killed; paths. */
type Halfway =
  /** Some files were edited since, and nothing more was written. */
  | {
      readonly type: "edited";
      readonly edited: readonly string[];
      readonly written: readonly string[];
      readonly unwritten: readonly string[];
    }
  | { readonly type: "blocked"; readonly files: readonly string[] };

export type Arriving =
  | { readonly type: "absent" }
  | { readonly type: "arrived"; readonly files: readonly string[] }
  | Halfway;

/**
 * Goes on with ontoPresent after its process was killed: what was begun is finished, and what was not begun is left alone. Wherever HEAD
 * is by now, files that the change is about must be as they were found, as they were to become, or half written.
 */
export async function finishArrival(tree: WorkTree, commits: Commits, folder: string): Promise<Arriving> {
  const begun = await beginAgain(tree, commits, folder);
  const { written, half, changes, edited } = begun;
  if (edited.length === 0 && written.length + half.length === 0) return { type: "absent" };
  const files = changes.map(({ path }) => textOf(path));
  if (written.length === changes.length) return { type: "arrived", files };
  const finished = await finish(tree, commits, begun, folder);
  return finished.type === "applied" ? { type: "arrived", files } : finished;
}

/**
 * Goes on with intoCheckout after its process was killed, at whatever point: files that are as before or as they should become are fine,
 * one that was being written is put back first, and then all of it is applied. An edit of the user's is refused in the same way.
 */
export async function finishLanding(tree: WorkTree, commits: Commits, folder: string): Promise<Landing> {
  const begun = await beginAgain(tree, commits, folder);
  if (begun.head !== commits.base) return { type: "refused", reason: "moved", what: [begun.head ?? "no commit"] };
  const finished = await finish(tree, commits, begun, folder);
  switch (finished.type) {
    case "edited":
      return { type: "refused", reason: "dirty", what: finished.edited };
    case "blocked":
      return { type: "refused", reason: "blocked", what: finished.files };
    default:
      return finished;
  }
}

interface Begun {
  readonly head: string | null;
  readonly git: IndexGit;
  readonly changes: readonly EntryChange[];
  readonly written: readonly EntryChange[];
  readonly half: readonly EntryChange[];
  /** Not as before, not as after, and nothing between: someone else's. */
  readonly edited: readonly EntryChange[];
}

async function beginAgain(tree: WorkTree, { base, commit }: Commits, folder: string): Promise<Begun> {
  const now = await takeSnapshot(tree, folder);
  const git = privateGit({ tree, folder, filters: now.filters }, "index.landing");
  const changes = await changedEntries(git, base, commit, { renames: false });
  await git(["read-tree", now.tree]);
  const present = await indexEntries(git);
  const entryAt = ({ path }: EntryChange) => present.get(path) ?? null;
  const written = changes.filter((change) => sameEntry(entryAt(change), change.after));
  const odd = changes.filter(
    (change) => !sameEntry(entryAt(change), change.before) && !sameEntry(entryAt(change), change.after),
  );
  const half = new Set<EntryChange>();
  for (const change of odd) if (await isHalfWritten(git, tree, change)) half.add(change);
  const edited = odd.filter((change) => !half.has(change));
  return { head: now.head, git, changes, written, half: [...half], edited };
}

async function finish(
  tree: WorkTree,
  { base, commit }: Commits,
  { git, changes, written, half, edited }: Begun,
  folder: string,
): Promise<Extract<Landing, { type: "applied" }> | Halfway> {
  const namesOf = (list: readonly EntryChange[]) => list.map(({ path }) => textOf(path));
  if (edited.length > 0) {
    const unwritten = changes.filter((change) => ![...written, ...edited].includes(change));
    return { type: "edited", edited: namesOf(edited), written: namesOf(written), unwritten: namesOf(unwritten) };
  }
  for (const change of half) await putBack(git, tree, change);
  const patch = await makePatch(git, base, commit, { renames: true });
  const result = await applyPatch(tree, { base, patch }, folder);
  if (result.type === "conflicts") return { type: "blocked", files: result.paths };
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
