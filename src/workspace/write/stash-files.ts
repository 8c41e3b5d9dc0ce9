import { AskCodexError, messageOf, UsageError } from "../../errors.ts";
import { writeWhole } from "../../files/write-whole.ts";
import { GitError, runGit } from "../git/git.ts";
import { privateGit, treeOfIndex } from "../git/private-git.ts";
import { headCommit } from "../git/read-head.ts";
import { type EntryChange, putEntries } from "../git/tree-entries.ts";
import { prepareUndo, type RestoredFiles, type Undo } from "./restore-files.ts";

export interface Stashed extends RestoredFiles {
  /** The commit that the stash's newest entry is; null: there was nothing to be stashed. */
  readonly commit: string | null;
}

/**
 * Moves the changes of exactly these files into a new entry of the user's stash: `git stash show -p` shows them and nothing else,
 * `git stash apply` brings them back. Then the files are as in the tree before. The index, all other refs and the configuration are
 * not touched. The changes are saved as a patch as well: git puts no stash upon a file that is dirty. Throws a UsageError in a
 * repository without commits, else like restoreFiles.
 */
export async function stashFiles(undo: Undo, message: string, patchPath: string): Promise<Stashed> {
  const head = await headOf(undo);
  const prepared = await prepareUndo(undo);
  const { paths, left } = prepared;
  if (paths.length === 0) return { paths, left, commit: null };
  await writeWhole(patchPath, prepared.patch);
  const commit = await commitChanges(undo, head, prepared.entries, message);
  await handOver(undo, head, commit);
  await prepared.write();
  // Last: when the files cannot be put back, there is nothing in the stash either.
  try {
    await inRepository({ ...undo, signal: undefined }, ["stash", "store", "--message", message, commit]);
  } catch (error) {
    const hint = `The files are as they were before the run; bring the changes back with: git apply '${patchPath}'`;
    throw new AskCodexError("internal", `the stash refused them: ${messageOf(error)}`, { hint, cause: error });
  }
  return { paths, left, commit };
}

/** The commit to stash upon. */
async function headOf({ tree, signal }: Pick<Undo, "tree" | "signal">): Promise<string> {
  const commit = await headCommit(tree, signal);
  if (commit !== null) return commit;
  throw new UsageError(
    `Nothing can be stashed in ${tree.root}: the repository has no commit yet.`,
    "Make a first commit, or use --on-violation revert.",
  );
}

/**
 * A commit of the form that `git stash` makes. Its trees are HEAD's but for these files: what else the user has uncommitted is
 * none of its business.
 */
async function commitChanges(
  undo: Undo,
  head: string,
  entries: readonly EntryChange[],
  message: string,
): Promise<string> {
  const git = privateGit(undo, "index.stash");
  const treeWith = async (side: "before" | "after") => {
    await git(["read-tree", head]);
    await putEntries(git, new Map(entries.map((entry) => [entry.path, entry[side]])));
    return treeOfIndex(git);
  };
  const identity = await fallbackIdentity(undo);
  const commit = async (tree: string, text: string, parents: readonly string[]) => {
    const from = parents.flatMap((parent) => ["-p", parent]);
    return (await git([...identity, "commit-tree", tree, ...from], Buffer.from(`${text}\n`))).trim();
  };
  const before = await treeWith("before");
  const base = await commit(before, `${message} (the files before)`, [head]);
  const index = await commit(before, `${message} (the index)`, [base]);
  return commit(await treeWith("after"), message, [base, index]);
}

/** Like git stash, which works without a name too. */
async function fallbackIdentity(undo: Undo): Promise<readonly string[]> {
  try {
    await inRepository(undo, ["var", "GIT_COMMITTER_IDENT"]);
    await inRepository(undo, ["var", "GIT_AUTHOR_IDENT"]);
    return [];
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    return ["-c", "user.name=git stash", "-c", "user.email=git@stash"];
  }
}

/** Brings the commit, and what of it the repository does not have, from the private folder into the repository. */
async function handOver(undo: Undo, head: string, commit: string): Promise<void> {
  const git = privateGit(undo, "index.stash");
  const pack = await git(["pack-objects", "--revs", "--stdout", "--quiet"], Buffer.from(`${commit}\n^${head}\n`));
  await inRepository(undo, ["unpack-objects", "-q"], Buffer.from(pack, "latin1"));
}

function inRepository({ tree, signal }: Undo, command: readonly string[], input?: Uint8Array): Promise<string> {
  // What the user should find again must survive a power cut as their own files do.
  const config = ["core.fsync=default"];
  return runGit(command, { cwd: tree.root, config, signal, ...(input ? { input } : {}) });
}
