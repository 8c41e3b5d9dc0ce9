import { counted } from "../../text/words.ts";
import { GITLINK } from "../git/diff-trees.ts";
import type { WorkTree } from "../git/find-work-tree.ts";
import { runGit } from "../git/git.ts";

/** What does not travel with the files of a commit, a phrase each: `3 untracked files`. */
export async function whatStays(tree: WorkTree, commit: string): Promise<readonly string[]> {
  const list = async (...command: string[]) =>
    (await runGit(command, { cwd: tree.root })).split("\0").filter((line) => line !== "");
  const untracked = await list("ls-files", "-z", "--others", "--exclude-standard");
  const entries = await list("ls-tree", "-r", "-z", "--full-tree", commit);
  const submodules = entries
    .filter((entry) => entry.startsWith(`${GITLINK} `))
    .map((entry) => entry.split("\t")[1] ?? "");
  const large = await list("ls-files", "-z", "--", ":(attr:filter=lfs)");
  return [
    ...(untracked.length === 0 ? [] : [counted(untracked.length, "untracked file")]),
    ...submodules.slice(0, 3).map((path) => `the submodule ${path}`),
    ...(submodules.length > 3 ? [`${counted(submodules.length - 3, "more submodule")}`] : []),
    ...(large.length === 0 ? [] : [`the contents of ${counted(large.length, "file")} of git-lfs`]),
  ];
}
