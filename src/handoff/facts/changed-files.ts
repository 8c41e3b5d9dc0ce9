import type { ListedChanges } from "../../ask/model/evidence.ts";
import { type Hunk, hunksBetween, wholeHunk } from "../../workspace/git/hunks.ts";
import type { PrivateWork } from "../../workspace/git/private-git.ts";
import { readBlobsIn } from "../../workspace/git/read-blobs.ts";
import type { ChangedFile } from "./facts.ts";
import type { IgnoredChange, IgnoredLook, TreePair } from "./ignored-watch.ts";

/** Every file that the work changed, with its contents on both sides; sorted, ignored ones last. */
export async function changedFiles(
  work: PrivateWork,
  changes: Pick<ListedChanges, "files" | "trees">,
  ignored: Pick<IgnoredLook, "files" | "trees" | "wasIgnored"> | null,
  submodules: readonly ChangedFile[],
): Promise<readonly ChangedFile[]> {
  // A file that is ignored no longer was there all the time: an edit of .gitignore has not made it.
  const own = changes.files.filter(({ path, kind }) => kind !== "added" || ignored?.wasIgnored(path) !== true);
  const known = new Set(own.map(({ path }) => path));
  const dirty = submodules.filter(({ path }) => !known.has(path));
  const listed = [...(await withContents(work, own, changes.trees, { ignored: false })), ...dirty].sort(byPath);
  return ignored === null
    ? listed
    : [...listed, ...(await withContents(work, ignored.files, ignored.trees, { ignored: true }))];
}

async function withContents(
  work: PrivateWork,
  files: readonly IgnoredChange[],
  { before, after }: TreePair,
  { ignored }: Pick<ChangedFile, "ignored">,
): Promise<ChangedFile[]> {
  if (files.length === 0) return [];
  const former = files.map(({ path, from = path }) => from);
  const sides = [
    { tree: before, paths: former },
    { tree: after, paths: files.map(({ path }) => path) },
  ];
  const [[old, now], hunks] = await Promise.all([readBlobsIn(work, sides), hunksBetween(work, before, after)]);
  return files.map((file) => {
    const texts = { before: old?.get(file.from ?? file.path) ?? null, after: now?.get(file.path) ?? null };
    return { ...file, ...texts, ignored, hunks: hunks.get(file.path) ?? hunksOf(texts) };
  });
}

function byPath(one: ChangedFile, other: ChangedFile): number {
  return one.path < other.path ? -1 : 1;
}

/** .gitattributes can have git compare no lines of a text. */
function hunksOf({ before, after }: Pick<ChangedFile, "before" | "after">): readonly Hunk[] {
  return before === null || after === null || before === after ? [] : [wholeHunk(before, after)];
}
