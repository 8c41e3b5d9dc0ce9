import { existsSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { gitAtLeast } from "../git/at-least.ts";
import type { WorkTree } from "../git/find-work-tree.ts";
import { GitError } from "../git/git.ts";
import { type PrivateWork, privateGit } from "../git/private-git.ts";
import { nulTerminated } from "../git/raw-names.ts";
import type { IndexGit, StagedEntry, StatusEntry } from "../git/read-status.ts";
import { isHashable, isUntrackedAndBig, repositoryStamp, stampOf } from "../git/stamps.ts";
import type { Entry } from "../git/tree-entries.ts";

/** What a work tree has that its index has not; raw names. */
export interface Recording {
  /** What is no longer there. */
  readonly drop: readonly string[];
  /** Files to hash. */
  readonly add: readonly string[];
  /** Files and repositories known by a stamp alone. They are in no tree. */
  readonly stamps: ReadonlyMap<string, string>;
}

/** Sorts what a status found into the ways of recording it. `forced`: files to hash whatever the status says. */
export async function planRecording(
  tree: WorkTree,
  entries: readonly StatusEntry[],
  forced: readonly string[],
  signal?: AbortSignal,
): Promise<Recording> {
  const drop: string[] = [];
  const add = [...forced];
  const stamps = new Map<string, string>();
  const repositories: string[] = [];
  for (const [position, entry] of entries.entries()) {
    if (position % ENTRIES_AT_A_TIME === 0) await setImmediate(undefined, signal ? { signal } : {});
    if (entry.file === "gone") drop.push(entry.name);
    else if (entry.file === "untracked" && entry.name.endsWith("/")) repositories.push(entry.name.slice(0, -1));
    else if (entry.file !== "same" && isUntrackedAndBig(tree, entry)) {
      stamps.set(entry.name, stampOf(tree, entry.name));
      if (entry.file === "changed") drop.push(entry.name);
    } else if (entry.file !== "same") add.push(entry.name);
  }
  for (const name of repositories) stamps.set(name, await repositoryStamp(tree, name, signal));
  return { drop, add, stamps };
}

export interface Recorded {
  /** What the work tree has under each name of the plan; null: nothing that a tree can hold. */
  readonly entries: ReadonlyMap<string, Entry | null>;
  /** Those of the plan, and of files that cannot be read. */
  readonly stamps: ReadonlyMap<string, string>;
}

/**
 * Hashes the files of a plan, each in the light of what the index has under its name (`staged`): line ends and modes depend on it. In an
 * index of these files alone, because a big one takes longer to be read and written than they to be hashed.
 */
export async function recordFiles(
  work: PrivateWork,
  { add, drop, stamps }: Recording,
  staged: readonly StagedEntry[],
): Promise<Recorded> {
  const none = [...drop].map((name) => [name, null] as const);
  if (add.length === 0) return { entries: new Map(none), stamps };
  // Most work trees that are only looked at need none of it, nor the hashes that it loads.
  const { entriesOf, indexFile } = await import("./index-file.ts");
  const index = join(work.folder, CHANGED);
  await Promise.all([index, `${index}.lock`].map((file) => rm(file, { force: true })));
  if (staged.length > 0) await writeFile(index, indexFile(staged), { mode: 0o600 });
  const unreadable = await addReadable(privateGit(work, CHANGED), work.tree, add);
  // Git makes none where all of the files are gone by then.
  const written = existsSync(index) ? entriesOf(await readFile(index)) : [];
  const hashed = new Map(written.map((entry) => [entry.name, entry]));
  return {
    entries: new Map([...none, ...add.map((name) => [name, hashed.get(name) ?? null] as const)]),
    stamps: new Map([...stamps, ...unreadable.map((name) => [name, stampOf(work.tree, name)] as const)]),
  };
}

const CHANGED = "index.changed";

/** The files that cannot be read, and are in no index then. */
async function addReadable(git: IndexGit, tree: WorkTree, names: readonly string[]): Promise<readonly string[]> {
  try {
    await addFiles(git, names);
    return [];
  } catch (error) {
    const unreadable = names.filter((name) => !isHashable(tree, name));
    if (!(error instanceof GitError) || unreadable.length === 0) throw error;
    // One such file makes git record none at all. Probing each beforehand would cost every other run.
    await git([...OURS, "update-index", "--force-remove", "-z", "--stdin"], nulTerminated(unreadable));
    const skipped = new Set(unreadable);
    await addFiles(
      git,
      names.filter((name) => !skipped.has(name)),
    );
    return unreadable;
  }
}

// --remove: a file may be gone, since the status or after it was forced into the index.
async function addFiles(git: IndexGit, names: readonly string[]): Promise<void> {
  // What git takes for big it writes into one pack for all of them. Before 2.37 it made a pack for each.
  const settings =
    names.length >= WORTH_A_PACK && (await gitAtLeast(git, "2.37")) ? ["-c", "core.bigFileThreshold=1"] : [];
  await git(
    [...OURS, ...settings, "update-index", "--add", "--remove", "--replace", "-z", "--stdin"],
    nulTerminated(names),
  );
}

// An index in the form that we read: with its hash, and with a file for each entry.
const OURS = ["-c", "index.skipHash=false", "-c", "index.sparse=false"];

// 5,000 new files: 0.7 s and 2 files in a pack, 3.3 s and 5,000 files without. For a handful it is the other way round.
const WORTH_A_PACK = 50;

// Each costs a few microseconds; between two batches signals and sockets get their turn.
const ENTRIES_AT_A_TIME = 1_000;
