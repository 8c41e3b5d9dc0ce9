import { hunksBetween } from "../../workspace/git/hunks.ts";
import { readBlobs } from "../../workspace/git/read-blobs.ts";
import { searchedFile } from "../finding/anchor.ts";
import { type FileLookup, pathsOf, type ReviewedFile } from "../finding/place-finding.ts";
import type { Target } from "./target.ts";

/** Reads both versions of every file that is named, in one go, so that findings can be placed without git. */
export async function readFiles(target: Target, named: readonly string[]): Promise<FileLookup> {
  const { work, before, after, files } = target;
  const changed = new Map(files.flatMap((file) => [[file.path, file] as const]));
  const former = new Map(files.flatMap((file) => (file.from === undefined ? [] : [[file.from, file] as const])));
  const paths = [...new Set(named.flatMap(pathsOf))].map(
    (path) => (changed.get(path) ?? former.get(path))?.path ?? path,
  );
  if (paths.length === 0) return () => null;
  const isRenamed = (path: string) => changed.get(path)?.from !== undefined;
  const [now, old, hunks] = await Promise.all([
    readBlobs(work, after.tree, paths),
    readBlobs(
      work,
      before.tree,
      paths.map((path) => changed.get(path)?.from ?? path),
    ),
    hunksBetween(work, before.tree, after.tree, canBeNamed(paths) && !paths.some(isRenamed) ? paths : null),
  ]);
  const read = (path: string): ReviewedFile | null => {
    const texts = { new: now.get(path) ?? null, old: old.get(changed.get(path)?.from ?? path) ?? null };
    if (texts.new === null && texts.old === null && !changed.has(path)) return null;
    const versions = { path, now: texts.new, before: texts.old, hunks: hunks.get(path) ?? null };
    return { ...searchedFile(versions), texts };
  };
  const found = new Map(paths.map((path) => [path, read(path)]));
  return (path) => found.get(changed.has(path) ? path : (former.get(path)?.path ?? path)) ?? null;
}

// More names than fit on a command line everywhere.
const MOST_NAMED = 500;

/** Whether these can stand on git's command line as they are. */
function canBeNamed(paths: readonly string[]): boolean {
  return paths.length <= MOST_NAMED && paths.every((path) => /^[\x20-\x7e]+$/.test(path));
}
