import { requireWorkTree, type WorkTree } from "../../workspace/git/find-work-tree.ts";
import { folder } from "../command/flag-values.ts";
import { currentFolder } from "../edge/folders.ts";

/** The work tree that a document's paths are relative to: the one that `-w`, else the current folder, is in; `why` there must be one. */
export async function handoffTree(
  workspace: string | undefined,
  why = "A handoff is judged by what git sees",
): Promise<WorkTree> {
  const here = currentFolder();
  const there = await folder("Workspace", workspace ?? here, here);
  return requireWorkTree(there, { why, hint: "Run it in a repository, or name one with -w; `git init` makes one." });
}
