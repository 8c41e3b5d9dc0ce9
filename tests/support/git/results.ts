import type { PrivateWork } from "../../../src/workspace/git/private-git.ts";
import type { Result } from "../../../src/workspace/worktree/bring-together/combine.ts";
import { commitResult } from "../../../src/workspace/worktree/bring-together/result-commit.ts";
import { type Repository, scratchFolder, workTreeOf } from "./repository.ts";
import { patchFrom, type Session } from "./worktrees.ts";

/** A private folder for work on a repository. */
export async function benchOf(repository: Repository): Promise<PrivateWork> {
  return { tree: await workTreeOf(repository.root), folder: scratchFolder("bench"), filters: [] };
}

/** What an edit in a worktree of HEAD comes to, as a commit. */
export async function resultOf(
  repository: Repository,
  work: PrivateWork,
  id: string,
  edit: (worktree: Session) => unknown,
): Promise<Result> {
  const made = await patchFrom(repository, edit);
  return { id, base: made.base, commit: await commitResult(work, made, `${id}\n`), message: `${id}\n` };
}

/** The files of a commit with their contents, as git has them. */
export function filesIn(repository: Repository, commit: string): Record<string, string> {
  const names = repository.git("ls-tree", "-r", "-z", "--name-only", commit).split("\0").filter(Boolean);
  return Object.fromEntries(names.map((name) => [name, repository.git("cat-file", "blob", `${commit}:${name}`)]));
}

/** HEAD, refs, branches' logs, index and settings: all that work beside the user must leave alone. */
export function untouchedOf(repository: Repository): readonly string[] {
  const parts = [
    ["for-each-ref"],
    ["reflog"],
    ["ls-files", "--stage"],
    ["config", "--list"],
    ["status", "--porcelain=v2", "--branch"],
  ];
  return [...parts.map((part) => repository.git(...part)), repository.git("worktree", "list")];
}
