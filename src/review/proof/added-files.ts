import { makePatch } from "../../workspace/git/patch-text.ts";
import { type PrivateWork, privateGit, treeOfIndex } from "../../workspace/git/private-git.ts";
import { fieldsOf } from "../../workspace/git/raw-names.ts";
import { changedEntries } from "../../workspace/git/tree-entries.ts";

/** Files that are in neither version of what is reviewed. */
export interface AddedFiles {
  /** A tree with these files beside its own. */
  withThem(tree: string): Promise<string>;
  readonly patch: Buffer;
}

/**
 * The files that `end` has beyond the reviewed trees; null: none. Everything else that differs does not count: a test
 * proves something of the code as it is, not of what its author made of it.
 */
export async function addedFiles(
  work: PrivateWork,
  { before, after }: { readonly before: string; readonly after: string },
  end: string,
): Promise<AddedFiles | null> {
  const git = privateGit(work, "index.proof");
  const changes = await changedEntries(git, after, end, { renames: false });
  const former = new Set(fieldsOf(await git(["ls-tree", "-r", "-z", "--name-only", before])));
  const lines = changes.flatMap(({ path, before: was, after: is }) => {
    if (was !== null || is === null || !is.mode.startsWith("100") || former.has(path)) return [];
    return [`${is.mode} ${is.id}\t${path}\0`];
  });
  if (lines.length === 0) return null;
  const withThem = async (tree: string) => {
    await git(["read-tree", tree]);
    await git(["update-index", "-z", "--index-info"], Buffer.from(lines.join(""), "latin1"));
    return treeOfIndex(git);
  };
  return { withThem, patch: await makePatch(git, after, await withThem(after), { renames: false }) };
}
