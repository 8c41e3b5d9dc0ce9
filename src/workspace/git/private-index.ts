import { copyFile, mkdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { WorkTree } from "./find-work-tree.ts";
import type { Entry } from "./tree-entries.ts";

/** What the private folder keeps beside index and objects, from one snapshot to the next. */
export type Note = "origin" | "skipped" | "tree" | "empty" | "pending";

export interface PrivateIndex {
  /** Makes git use this index, and write objects beside it. */
  readonly env: Readonly<Record<string, string>>;
  /** The repository's own index is another one than when the private one was made. */
  readonly outdated: boolean;
}

/**
 * An index and an object folder of the run's own. The index starts as a copy of the repository's and is kept after
 * that: it then knows every file of the snapshot before, so the next one reads only what changed since.
 */
export async function openPrivateIndex(tree: WorkTree, folder: string): Promise<PrivateIndex> {
  await mkdir(join(folder, "objects"), { recursive: true, mode: 0o700 });
  const env = privateEnvironment(tree, folder);
  const origin = await identityOf(tree.index);
  const known = await readNote(folder, "origin");
  if (known !== undefined) return { env, outdated: known !== origin };
  await copyIndex(tree.index, join(folder, "index"));
  await writeNote(folder, "origin", origin);
  return { env, outdated: false };
}

/** The environment in which git uses the index and the object folder below `folder`, and only reads the repository's. */
export function privateEnvironment(tree: WorkTree, folder: string): Record<string, string> {
  return {
    GIT_INDEX_FILE: join(folder, "index"),
    GIT_OBJECT_DIRECTORY: join(folder, "objects"),
    // A list; quoted, because a path may contain the colon that separates its items.
    GIT_ALTERNATE_OBJECT_DIRECTORIES: `"${tree.objects.replace(/["\\]/g, "\\$&")}"`,
    // Lets git keep what it found out about each file in the private index. No other index is in reach.
    GIT_OPTIONAL_LOCKS: "1",
    GIT_INDEX_VERSION: "2", // of indexes that git makes; a copied one stays as it is
  };
}

/**
 * Puts off what brings the index up to date with the tree of a snapshot: in a big repository it costs as much as half a status, and after
 * the last snapshot of a run no one asks the index for anything.
 */
export async function putOff(folder: string, tree: string, entries: ReadonlyMap<string, Entry | null>): Promise<void> {
  const file = join(folder, "pending");
  // As update-index --index-info takes it; what is gone comes first, because it may be in the way.
  const noId = "0".repeat((/^[0-9a-f]+/.exec(tree)?.[0] ?? "").length);
  const gone = [...entries].flatMap(([name, entry]) => (entry === null ? [`0 ${noId}\t${name}\0`] : []));
  const put = [...entries].flatMap(([name, entry]) => (entry === null ? [] : [`${entry.mode} ${entry.id}\t${name}\0`]));
  await writeFile(`${file}.new`, `${tree}\n${[...gone, ...put].join("")}`, { encoding: "latin1", mode: 0o600 });
  await rename(`${file}.new`, file);
}

export function readNote(folder: string, note: Note): Promise<string | undefined> {
  return readFile(join(folder, note), "latin1").catch(unlessMissing);
}

export function writeNote(folder: string, note: Note, text: string): Promise<void> {
  return writeFile(join(folder, note), text, { encoding: "latin1", mode: 0o600 });
}

export function removeNote(folder: string, note: Note): Promise<void> {
  return rm(join(folder, note), { force: true });
}

/**
 * Copies an index, if there is one. An index says of each file: unchanged if it was last written before the index was. A copy with a
 * younger date would vouch for edits it never saw, so it gets a date just before the original's: too old only costs a second look.
 */
export async function copyIndex(from: string, to: string): Promise<void> {
  const original = await stat(from).catch(unlessMissing);
  if (original === undefined) return;
  const date = (Math.floor(original.mtimeMs) - 1) / 1000;
  await copyFile(from, `${to}.copy`);
  await utimes(`${to}.copy`, date, date);
  await rename(`${to}.copy`, to);
}

async function identityOf(file: string): Promise<string> {
  const stats = await stat(file, { bigint: true }).catch(unlessMissing);
  return stats === undefined ? "none" : `${stats.ino} ${stats.size} ${stats.mtimeNs}`;
}

function unlessMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT") throw error;
}
