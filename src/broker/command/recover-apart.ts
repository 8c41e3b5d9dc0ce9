import { existsSync } from "node:fs";
import { join } from "node:path";
import { makePrivateFolder, writeWhole } from "../../files/write-whole.ts";
import type { RunningDelegation } from "../../orchestrate/queue/task.ts";
import { findWorkTree } from "../../workspace/git/find-work-tree.ts";
import { headCommit } from "../../workspace/git/read-head.ts";
import { removeWorktree } from "../../workspace/worktree/managed-worktree.ts";
import { patchOf } from "../../workspace/worktree/patch.ts";

const KILLED = "The session's worker was killed in the middle of it";

/**
 * What a delegation did in a worktree of its own until the worker died: kept as a patch in the delegation's folder before the worktree is
 * removed. `home`: the user's work tree.
 */
export async function recoverApart({ workspace, folder }: RunningDelegation, home: string) {
  const path = join(folder, "work.patch");
  if (!existsSync(workspace)) {
    const done = existsSync(path) ? `what it did is in ${path}, and may be in the work tree` : "nothing is left of it";
    return { files: [], notes: `${KILLED}; ${done}.` };
  }
  const tree = await findWorkTree(workspace);
  const base = tree?.root === workspace ? await headCommit(tree) : null;
  if (base === null) return { files: [], notes: `${KILLED}; what it did is where it was: ${workspace}` };
  const scratch = join(folder, "snapshot");
  await makePrivateFolder(scratch);
  const { patch, files } = await patchOf({ folder: workspace, base }, scratch);
  if (patch.length > 0) await writeWhole(path, patch);
  await removeWorktree(home, workspace);
  const where =
    patch.length > 0 ? `what it did, unjudged and not in the work tree, is in ${path}` : "it had changed no file";
  return { files: files.map((file) => file.path), notes: `${KILLED}; ${where}.` };
}
