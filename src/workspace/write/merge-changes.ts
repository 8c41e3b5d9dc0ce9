import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { GitError } from "../git/git.ts";
import { fieldsOf } from "../git/raw-names.ts";
import type { IndexGit } from "../git/read-status.ts";
import { type Entry, type EntryChange, sameEntry } from "../git/tree-entries.ts";

/** Changes merged into the present files; raw names. */
export interface Merged {
  /** What to put under these names; null: nothing. */
  readonly entries: ReadonlyMap<string, Entry | null>;
  /** Where the changes and the present files do not go together. */
  readonly conflicts: readonly string[];
}

/**
 * Merges changes three-way, file by file. A change that is there already counts as merged. New content goes into the
 * object folder that `git` writes to; `folder` is for files in between.
 */
export async function mergeChanges(
  git: IndexGit,
  folder: string,
  changes: readonly EntryChange[],
  present: ReadonlyMap<string, Entry>,
): Promise<Merged> {
  const entries = new Map<string, Entry | null>();
  const conflicts: string[] = [];
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const change of changes) {
    const source = change.from ?? change.path;
    const ours = present.get(source) ?? null;
    const there = present.get(change.path) ?? null;
    if (change.from !== undefined && ours === null && sameEntry(there, change.after)) continue;
    if (change.from !== undefined && there !== null) {
      conflicts.push(change.path);
      continue;
    }
    const result = await mergeEntry(git, folder, { name: source, base: change.before, ours, theirs: change.after });
    if (result === "conflict") conflicts.push(source);
    else {
      if (change.from !== undefined) entries.set(change.from, null);
      entries.set(change.path, result);
    }
  }
  return { entries, conflicts };
}

/** A file as it was, as it is here, and as the changes have it. */
interface ThreeSides {
  readonly name: string;
  readonly base: Entry | null;
  readonly ours: Entry | null;
  readonly theirs: Entry | null;
}

async function mergeEntry(
  git: IndexGit,
  folder: string,
  { name, base, ours, theirs }: ThreeSides,
): Promise<Entry | null | "conflict"> {
  if (sameEntry(ours, base) || sameEntry(ours, theirs)) return theirs;
  if (base === null || ours === null || theirs === null) return "conflict";
  if (![base, ours, theirs].every(isPlainFile)) return "conflict";
  const id =
    either(base.id, ours.id, theirs.id) ?? (await mergeContent(git, folder, name, [ours.id, base.id, theirs.id]));
  // One of two modes is always the base's, so two sides that changed it agree.
  return id === null ? "conflict" : { mode: either(base.mode, ours.mode, theirs.mode) ?? theirs.mode, id };
}

/** The side that changed, when it is only one, or when both agree. */
function either(base: string, ours: string, theirs: string): string | undefined {
  if (ours === base || ours === theirs) return theirs;
  return theirs === base ? ours : undefined;
}

/** The id of the merged content; null when it cannot be merged. */
async function mergeContent(
  git: IndexGit,
  folder: string,
  name: string,
  ids: readonly [string, string, string],
): Promise<string | null> {
  if (await isUnmergeable(git, name)) return null;
  for (const id of ids) await writeFile(join(folder, id), Buffer.from(await git(["cat-file", "blob", id]), "latin1"));
  try {
    const files = ids.map((id) => join(folder, id));
    const merged = await git(["merge-file", "-p", ...files]);
    return (await git(["hash-object", "-w", "--stdin"], Buffer.from(merged, "latin1"))).trim();
  } catch (error) {
    // The number of conflicts, or that the files are binary.
    if (error instanceof GitError && isConflict(error)) return null;
    throw error;
  }
}

/** Lock files and the like, of which .gitattributes says `-merge` or `binary`. */
async function isUnmergeable(git: IndexGit, name: string): Promise<boolean> {
  const output = await git(["check-attr", "-z", "--stdin", "merge"], Buffer.from(`${name}\0`, "latin1"));
  return fieldsOf(output)[2] === "unset";
}

function isConflict({ exitCode = 255, stderr }: GitError): boolean {
  return exitCode < 128 || /Cannot merge binary files/i.test(stderr);
}

function isPlainFile({ mode }: Entry): boolean {
  return mode.startsWith("100");
}
