import { realpath } from "node:fs/promises";
import { resolve } from "node:path";
import { UsageError } from "../../errors.ts";
import { findWorkTree, type WorkTree } from "../../workspace/git/find-work-tree.ts";
import { currentFolder } from "../edge/folders.ts";

/** The work tree that a document's paths are relative to: the one that `-w`, else the current folder, is in. */
export async function handoffTree(workspace: string | undefined): Promise<WorkTree> {
  const here = currentFolder();
  const folder = await realpath(workspace === undefined ? here : resolve(here, workspace)).catch(() => null);
  if (folder === null) throw new UsageError(`Workspace does not exist: ${workspace ?? here}`);
  const tree = await findWorkTree(folder);
  if (tree === undefined)
    throw new UsageError(
      `A handoff is judged by what git sees, and ${folder} is in no git work tree.`,
      "Run it in a repository, or name one with -w; `git init` makes one.",
    );
  return tree;
}
