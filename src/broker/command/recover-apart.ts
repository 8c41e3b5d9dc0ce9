import { existsSync } from "node:fs";
import { join } from "node:path";
import { makePrivateFolder, writeWhole } from "../../files/write-whole.ts";
import { notedArrival, workPatch } from "../../orchestrate/apart/kept-work.ts";
import type { RunningDelegation } from "../../orchestrate/queue/task.ts";
import { findWorkTree } from "../../workspace/git/find-work-tree.ts";
import { runGit } from "../../workspace/git/git.ts";
import { fieldsOf, textOf } from "../../workspace/git/raw-names.ts";
import { headCommit } from "../../workspace/git/read-head.ts";
import { type Arriving, finishArrival } from "../../workspace/worktree/bring-together/finish-landing.ts";
import { removeWorktree } from "../../workspace/worktree/managed-worktree.ts";
import { patchOf } from "../../workspace/worktree/patch.ts";
import { aloneInTree } from "../../workspace/write/alone-in-tree.ts";

const KILLED = "The session's worker was killed in the middle of it";

interface Recovered {
  readonly files: readonly string[];
  readonly notes: string;
}

/**
 * What a delegation did in a worktree of its own until the worker died: kept as a patch in the delegation's folder before the worktree is
 * removed. Where its result was being written into the user's tree, that is finished, or said file by file. `home`: the user's work tree.
 */
export async function recoverApart(delegation: RunningDelegation, home: string): Promise<Recovered> {
  const { workspace, folder } = delegation;
  if (!existsSync(workspace)) return afterwards(delegation, home);
  const path = workPatch(folder);
  const tree = await findWorkTree(workspace);
  const base = tree?.root === workspace ? await headCommit(tree) : null;
  if (base === null) return { files: [], notes: `${KILLED}; what it did is where it was: ${workspace}` };
  const { patch, files } = await patchOf({ folder: workspace, base }, await scratchIn(folder));
  if (patch.length > 0) await writeWhole(path, patch);
  await removeWorktree(home, workspace);
  return patch.length > 0
    ? { files: files.map((file) => file.path), notes: `${KILLED}; ${notIn(path)}.` }
    : { files: [], notes: `${KILLED}; it had changed no file.` };
}

/** Its worktree is gone: the work was done, and at most on its way into the tree. */
async function afterwards({ folder, state }: RunningDelegation, home: string): Promise<Recovered> {
  const path = workPatch(folder);
  if (!existsSync(path)) return { files: [], notes: `${KILLED}; nothing is left of it.` };
  const arriving = notedArrival(folder);
  const tree = arriving === null ? undefined : await findWorkTree(home);
  if (arriving === null || tree === undefined) return absent(path, home);
  const scratch = await scratchIn(folder);
  const found = await aloneInTree({ tree, state }, () => finishArrival(tree, arriving, scratch));
  return found.type === "absent" ? absent(path, home) : arrived(found, path);
}

function arrived(found: Exclude<Arriving, { type: "absent" }>, path: string): Recovered {
  switch (found.type) {
    case "arrived":
      return {
        files: found.files,
        notes: `${KILLED}; its result is in the work tree, whole, and its verdict is lost.`,
      };
    case "blocked":
      return {
        files: found.files,
        notes: `${KILLED}; its result could not be written into the work tree: in the way is ${found.files.join(", ")}. All of it is in ${path}.`,
      };
    case "edited": {
      const { written, unwritten, edited } = found;
      const said = (files: readonly string[]) => (files.length === 0 ? "none" : files.join(", "));
      return {
        files: written,
        notes: `${KILLED}, while its result was written into the work tree. Written: ${said(written)}; not written: ${said(unwritten)}; edited since, and left alone: ${said(edited)}. All of it is in ${path}.`,
      };
    }
  }
}

async function absent(path: string, home: string): Promise<Recovered> {
  const fields = fieldsOf(await runGit(["apply", "--numstat", "-z", path], { cwd: home }));
  const files = fields.map((field) => textOf(field).split("\t").at(-1) ?? "");
  return { files, notes: `${KILLED}; ${notIn(path)}.` };
}

function notIn(path: string): string {
  return `what it did, unjudged and not in the work tree, is in ${path}`;
}

async function scratchIn(folder: string): Promise<string> {
  // The look from before the work may have left locks.
  const scratch = join(folder, "snapshot", "recovery");
  await makePrivateFolder(scratch);
  return scratch;
}
