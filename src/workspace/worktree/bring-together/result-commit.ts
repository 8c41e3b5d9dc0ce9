import { AskCodexError, messageOf } from "../../../errors.ts";
import { GitError } from "../../git/git.ts";
import { feedPatch } from "../../git/patch-text.ts";
import { type PrivateWork, treeOfIndex } from "../../git/private-git.ts";
import type { BasedPatch } from "../../write/apply-patch.ts";
import { type Author, benchGit, makeCommit } from "./bench.ts";

/** A result as a commit on its base; the base itself when nothing changed. No ref leads to it. */
export async function commitResult(
  work: PrivateWork,
  { base, patch }: BasedPatch,
  message: string,
  author?: Author,
): Promise<string> {
  if (patch.length === 0) return base;
  const git = benchGit(work, "index.result");
  try {
    await git(["read-tree", "--reset", base]);
    await feedPatch(git, patch, "--cached");
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    const hint = `It belongs to the commit ${base}, which must still be in this repository.`;
    throw new AskCodexError("internal", `the patch cannot be read: ${messageOf(error)}`, { hint, cause: error });
  }
  return makeCommit(work, await treeOfIndex(git), { parents: [base], message, ...(author && { author }) });
}
