import type { WorkTree } from "../../git/find-work-tree.ts";
import { GitError, runGit } from "../../git/git.ts";

/**
 * Keeps a commit under a new branch and gives its name: `wanted`, or with a number behind it where that is another commit's
 * already. A branch of the same commit is taken for ours.
 */
export async function keepBranch({ root }: WorkTree, wanted: string, commit: string): Promise<string> {
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? wanted : `${wanted}-${number}`;
    const ref = `refs/heads/${name}`;
    try {
      await runGit(["update-ref", "-m", "branch: created by ask_codex", ref, commit, MUST_NOT_EXIST], { cwd: root });
      return name;
    } catch (error) {
      if (!(error instanceof GitError)) throw error;
      const there = await commitAt(root, ref);
      if (there === commit) return name;
      if (there === null) throw error;
    }
  }
}

async function commitAt(root: string, ref: string): Promise<string | null> {
  const asked = runGit(["rev-parse", "--quiet", "--verify", ref], { cwd: root });
  return asked.then(
    (told) => told.trim(),
    (error) => {
      if (error instanceof GitError && error.exitCode === 1) return null;
      throw error;
    },
  );
}

// As the former value.
const MUST_NOT_EXIST = "";
