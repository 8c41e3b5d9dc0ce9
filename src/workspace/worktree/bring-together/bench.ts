import { join } from "node:path";
import { runGit } from "../../git/git.ts";
import type { PrivateWork } from "../../git/private-git.ts";
import { withoutFilters } from "../../git/read-settings.ts";
import type { IndexGit } from "../../git/read-status.ts";

/** Who made a commit, as git's variables say it. */
export interface Author {
  readonly name: string;
  readonly email: string;
}

/** Commits in between carry a name that no person has. */
const OURS: Author = { name: "ask_codex", email: "ask_codex@localhost" };

/**
 * Runs git on an index of this name in the private folder. New objects go into the repository, where no ref leads to them: a worktree must
 * be able to check them out, and git itself removes them after a while.
 */
export function benchGit({ tree, folder, filters, signal }: PrivateWork, index: string): IndexGit {
  const env = { GIT_INDEX_FILE: join(folder, index) };
  // No driver that attributes name runs (a driver is a program): what it would have merged is a conflict.
  const config = [...withoutFilters(filters), "merge.renormalize=false", "core.fsync=default"];
  return (command, input) => runGit(command, { cwd: tree.root, env, config, signal, ...(input ? { input } : {}) });
}

interface CommitFacts {
  readonly parents: readonly string[];
  readonly message: string;
  readonly author?: Author;
  /** Left out: that of the first parent. */
  readonly date?: string;
}

/** Makes a commit of a tree. The same arguments make the same commit, whenever that is. */
export async function makeCommit(
  { tree: { root }, signal }: PrivateWork,
  tree: string,
  { parents, message, author = OURS, date: given }: CommitFacts,
): Promise<string> {
  const date = given ?? (await dateOf(root, parents[0], signal));
  const env = {
    GIT_AUTHOR_NAME: author.name,
    GIT_AUTHOR_EMAIL: author.email,
    GIT_AUTHOR_DATE: date,
    GIT_COMMITTER_NAME: author.name,
    GIT_COMMITTER_EMAIL: author.email,
    GIT_COMMITTER_DATE: date,
  };
  const command = ["commit-tree", tree, ...parents.flatMap((parent) => ["-p", parent]), "-F", "-"];
  const options = { cwd: root, env, config: ["core.fsync=default"], signal, input: Buffer.from(message) };
  return (await runGit(command, options)).trim();
}

async function dateOf(root: string, parent: string | undefined, signal: AbortSignal | undefined): Promise<string> {
  if (parent === undefined) return LONG_AGO;
  const time = await runGit(["show", "--no-patch", "--no-show-signature", "--format=%ct", parent], {
    cwd: root,
    signal,
  });
  return `@${time.trim()} +0000`;
}

/** For commits that no one sees. */
export const LONG_AGO = "@0 +0000";
