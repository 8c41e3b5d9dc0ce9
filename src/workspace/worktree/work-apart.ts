import { join } from "node:path";
import { readPlainBytes } from "../../files/read-plain.ts";
import { realPlace } from "../../files/real-place.ts";
import { replaceAt } from "../../files/write-place.ts";
import { findWorkTree, type WorkTree } from "../git/find-work-tree.ts";
import { addWorktree } from "./managed-worktree.ts";

/** A worktree of HEAD that is Codex's alone. */
export interface WorkApart {
  readonly tree: WorkTree;
  /** The commit it was made from. */
  readonly base: string;
}

/** A file that goes along as it is now: it may not be committed, or not in this form. */
export interface Carried {
  readonly from: string;
  /** Its place, relative to the root. */
  readonly inside: string;
}

/** Makes a worktree in `folder`, which must not exist, to work in apart from the user. */
export async function workApart(
  around: WorkTree,
  folder: string,
  carried: readonly Carried[] = [],
): Promise<WorkApart> {
  const { folder: root, base } = await addWorktree(around, folder);
  const tree = await findWorkTree(root);
  if (tree === undefined) throw new Error(`git made no worktree in ${root}`);
  for (const { from, inside } of carried) {
    // The worktree is a fresh checkout: what the repository ships may be a link at this place, or on the way to it.
    const place = realPlace(join(root, inside), root);
    replaceAt(place, readPlainBytes(from, { follow: true }), { mode: 0o666, folderMode: 0o777 });
  }
  return { tree, base };
}
