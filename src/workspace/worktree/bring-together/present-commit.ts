import { UsageError } from "../../../errors.ts";
import { makePatch } from "../../git/patch-text.ts";
import { type PrivateWork, privateGit } from "../../git/private-git.ts";
import { headCommit } from "../../git/read-head.ts";
import { takeSnapshot } from "../../snapshot/snapshot.ts";
import { commitResult } from "./result-commit.ts";

/**
 * The work tree as it is now, what is uncommitted or untracked included, as a commit on HEAD; HEAD itself where nothing differs. No ref
 * leads to it. Ignored files are left out, and so are big untracked ones.
 * @throws UsageError before the first commit
 */
export async function commitPresent(work: PrivateWork, message: string): Promise<string> {
  const { tree, folder, signal } = work;
  const base = await headCommit(tree, signal);
  if (base === null)
    throw new UsageError(`${tree.root} has no commit yet that worktrees could begin from.`, "Commit something first.");
  const now = await takeSnapshot(tree, folder, signal);
  const git = privateGit({ ...work, filters: now.filters }, "index.present");
  return commitResult(work, { base, patch: await makePatch(git, base, now.tree, { renames: true }) }, message);
}
