import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { AskCodexError, messageOf } from "../../errors.ts";
import type { SnapshotStore } from "../git/diff-trees.ts";
import { feedPatch } from "../git/patch-text.ts";
import type { IndexGit } from "../git/read-status.ts";
import { type KeptFiles, keepFiles } from "./keep-files.ts";

/**
 * Brings the work tree from one state to another: all of the patch, or nothing. Git looks at every file before it
 * writes the first, and when it then fails (disk full, folder that may not be written to) the files are put back from
 * copies in `folder`. `paths`: the raw names that the patch is about.
 */
export async function writeChanges(
  git: IndexGit,
  { tree, folder }: SnapshotStore,
  { patch, paths }: { readonly patch: Buffer; readonly paths: readonly string[] },
): Promise<void> {
  const copies = await mkdtemp(join(folder, "originals-"));
  const kept = await keepFiles(tree.root, paths, copies).catch((error) => {
    throw new NotWritten("The work tree is as it was; no copy could be made of the files to be changed.", error);
  });
  try {
    await feedPatch(git, patch, "--check");
  } catch (error) {
    throw new NotWritten("Nothing was written. The files may have changed in this moment; try again.", error);
  }
  try {
    await feedPatch(git, patch);
  } catch (error) {
    await putBack(kept, copies, error);
    throw new NotWritten("The work tree is as it was before. See to what git complains about, then try again.", error);
  }
}

async function putBack(kept: KeptFiles, copies: string, cause: unknown): Promise<void> {
  try {
    await kept.putBack();
  } catch (error) {
    const hint = `Some files could not be put back (${messageOf(error)}); as they were they lie in ${copies}`;
    throw new AskCodexError("internal", wordsOf(cause), { hint, cause });
  }
}

/** The changes could not be written, and the work tree is as it was. */
export class NotWritten extends AskCodexError {
  constructor(hint: string, cause: unknown) {
    super("system", wordsOf(cause), { hint, cause });
  }
}

function wordsOf(cause: unknown): string {
  return `the patch could not be applied: ${messageOf(cause)}`;
}
