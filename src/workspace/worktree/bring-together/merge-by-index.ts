import { join } from "node:path";
import { type PrivateWork, treeOfIndex } from "../../git/private-git.ts";
import { rawOf, textOf } from "../../git/raw-names.ts";
import { changedEntries, indexEntries, putEntries } from "../../git/tree-entries.ts";
import { mergeChanges } from "../../write/merge-changes.ts";
import { benchGit } from "./bench.ts";
import type { Merge, ThreeTrees } from "./conflict.ts";

/** File by file in an index of ours, for git before 2.38. A file that ours has renamed conflicts where theirs has edited it. */
export async function mergeByIndex(work: PrivateWork, { base, ours, theirs }: ThreeTrees): Promise<Merge> {
  const git = benchGit(work, "index.merge");
  await git(["read-tree", "--reset", ours]);
  const present = await indexEntries(git);
  const changes = await changedEntries(git, base, theirs, { renames: true });
  const merged = await mergeChanges(git, join(work.folder, "merge"), changes, present);
  await putEntries(git, merged.entries);
  const tree = await treeOfIndex(git);
  const written = await changedEntries(git, ours, tree, { renames: false });
  // A file where the other side needs a folder, or the reverse: putting the one in has taken the other out.
  const swallowed = written.map(({ path }) => path).filter((path) => !merged.entries.has(path));
  const names = [...new Set([...merged.conflicts, ...swallowed])];
  if (names.length === 0) return { type: "merged", tree };
  const files = names.map((name) => {
    const change = changes.find(({ path, from }) => path === name || from === name);
    const sides = { base: change?.before ?? null, ours: present.get(name) ?? null, theirs: change?.after ?? null };
    return { path: textOf(name), ...sides };
  });
  return { type: "conflicts", files: files.toSorted((one, other) => (rawOf(one.path) < rawOf(other.path) ? -1 : 1)) };
}
