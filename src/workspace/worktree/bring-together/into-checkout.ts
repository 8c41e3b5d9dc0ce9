import type { FileChange } from "../../git/diff-trees.ts";
import type { WorkTree } from "../../git/find-work-tree.ts";
import { makePatch } from "../../git/patch-text.ts";
import { privateGit } from "../../git/private-git.ts";
import { textOf } from "../../git/raw-names.ts";
import { changedEntries } from "../../git/tree-entries.ts";
import { underWay } from "../../git/under-way.ts";
import { takeSnapshot } from "../../snapshot/snapshot.ts";
import { applyPatch } from "../../write/apply-patch.ts";
import { NotWritten } from "../../write/changes.ts";

export type Landing =
  | { readonly type: "applied"; readonly files: readonly FileChange[] }
  /** Nothing was written. */
  | {
      readonly type: "refused";
      /** `moved`: HEAD is at another commit; `dirty`: files of the result were edited; `blocked`: something lies in the way; `unwritable`: git could not write, and all is as it was. */
      readonly reason: "moved" | "under_way" | "dirty" | "blocked" | "unwritable";
      /** For people: where HEAD is, what is under way, which files. */
      readonly what: readonly string[];
    };

/**
 * Brings a combined commit into the user's checkout, uncommitted: all of it or nothing. The checkout must still be at the base, and
 * none of the files concerned edited; other edits stay as they are. `folder` is private to this call. Once it writes, the signal is no
 * longer heeded.
 */
export async function intoCheckout(
  tree: WorkTree,
  { base, commit }: { readonly base: string; readonly commit: string },
  folder: string,
  signal?: AbortSignal,
): Promise<Landing> {
  if (commit === base) return { type: "applied", files: [] };
  const begun = await underWay(tree);
  if (begun !== null) return { type: "refused", reason: "under_way", what: [begun] };
  const now = await takeSnapshot(tree, folder, signal);
  if (now.head !== base) return { type: "refused", reason: "moved", what: [now.head ?? "no commit"] };
  const git = privateGit({ tree, folder, filters: now.filters, signal }, "index.landing");
  const touched = new Set(
    (await changedEntries(git, base, commit, { renames: false })).map(({ path }) => textOf(path)),
  );
  const edited = now.dirty.filter((path) => touched.has(path));
  if (edited.length > 0) return { type: "refused", reason: "dirty", what: edited };
  const patch = await makePatch(git, base, commit, { renames: true });
  const result = await applyPatch(tree, { base, patch }, folder, signal).catch((error) => {
    if (error instanceof NotWritten) return error;
    throw error;
  });
  if (result instanceof NotWritten) return { type: "refused", reason: "unwritable", what: [result.message] };
  if (result.type === "conflicts") return { type: "refused", reason: "blocked", what: result.paths };
  return { type: "applied", files: result.type === "applied" ? result.files : [] };
}
