import { GitError, runGit } from "../../git/git.ts";
import type { PrivateWork } from "../../git/private-git.ts";
import { fieldsOf, textOf } from "../../git/raw-names.ts";
import { benchGit, LONG_AGO, makeCommit } from "./bench.ts";
import type { Conflict, Merge, ThreeTrees } from "./conflict.ts";

/** `git merge-tree --write-tree`, which there is from git 2.38 on. It touches neither index nor work tree. */
export async function mergeByTree(work: PrivateWork, { base, ours, theirs }: ThreeTrees): Promise<Merge> {
  // It takes the base from the history of the sides (--merge-base is younger): so they get a history.
  const commit = (tree: string, ...parents: string[]) =>
    makeCommit(work, `${tree}^{tree}`, { parents, message: "", date: LONG_AGO });
  const root = await commit(base);
  const sides = [await commit(ours, root), await commit(theirs, root)];
  const git = benchGit(work, "index.merge");
  const command = [...(await withoutDrivers(work)), "merge-tree", "--write-tree", "--no-messages", "-z", ...sides];
  try {
    return { type: "merged", tree: fieldsOf(await git(command))[0] ?? "" };
  } catch (error) {
    if (!(error instanceof GitError) || error.exitCode !== 1) throw error;
    return { type: "conflicts", files: conflictsOf(fieldsOf(error.stdout).slice(1)) };
  }
}

/** Records `<mode> <id> <stage> TAB <path>`: stage 1 is the base, 2 ours, 3 theirs. */
function conflictsOf(records: readonly string[]): Conflict[] {
  const files = new Map<string, Conflict>();
  for (const record of records) {
    const [, mode = "", id = "", stage, name = ""] = /^(\d+) (\w+) ([123])\t(.*)$/s.exec(record) ?? [];
    const path = textOf(name);
    const known = files.get(path) ?? { path, base: null, ours: null, theirs: null };
    files.set(path, { ...known, [SIDES[Number(stage) - 1] ?? "base"]: { mode, id } });
  }
  return [...files.values()];
}

const SIDES = ["base", "ours", "theirs"] as const;

/** A merge driver is a program: none runs, and a file that one is in charge of conflicts where both sides changed it. */
async function withoutDrivers({ tree, signal }: PrivateWork): Promise<string[]> {
  // One setting that is always there, because git fails when nothing matches.
  const command = ["config", "-z", "--name-only", "--get-regexp", "^(merge\\..*\\.driver|core\\.hookspath)$"];
  const names = fieldsOf(await runGit(command, { cwd: tree.root, signal }));
  const drivers = names.filter((name) => name.startsWith("merge.") && !name.includes("="));
  return drivers.flatMap((name) => ["-c", `${textOf(name)}=false`]);
}
