import { setImmediate } from "node:timers/promises";
import { gitAtLeast } from "../git/at-least.ts";
import type { WorkTree } from "../git/find-work-tree.ts";
import { GitError } from "../git/git.ts";
import { nulTerminated } from "../git/raw-names.ts";
import type { IndexGit, StatusEntry } from "../git/read-status.ts";
import { isHashable, isUntrackedAndBig, repositoryStamp, stampOf } from "../git/stamps.ts";

/** What brings the private index up to date; raw names. */
export interface Recording {
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

/** Brings the private index up to date and gives all stamps: those of the plan, and of files that cannot be read. */
export async function recordFiles(
  git: IndexGit,
  tree: WorkTree,
  plan: Recording,
): Promise<ReadonlyMap<string, string>> {
  await dropFiles(git, plan.drop);
  try {
    await addFiles(git, plan.add);
    return plan.stamps;
  } catch (error) {
    const unreadable = plan.add.filter((name) => !isHashable(tree, name));
    if (!(error instanceof GitError) || unreadable.length === 0) throw error;
    // One such file makes git record none at all. Probing each beforehand would cost every other run.
    await dropFiles(git, unreadable);
    const skipped = new Set(unreadable);
    await addFiles(
      git,
      plan.add.filter((name) => !skipped.has(name)),
    );
    return new Map([...plan.stamps, ...unreadable.map((name) => [name, stampOf(tree, name)] as const)]);
  }
}

// Apart from the additions, for which git insists that no folder on the way has become a symbolic link.
async function dropFiles(git: IndexGit, names: readonly string[]): Promise<void> {
  if (names.length > 0) await git(["update-index", "--force-remove", "-z", "--stdin"], nulTerminated(names));
}

// --remove: a file may be gone, since the status or after it was forced into the index.
async function addFiles(git: IndexGit, names: readonly string[]): Promise<void> {
  if (names.length === 0) return;
  // What git takes for big it writes into one pack for all of them. Before 2.37 it made a pack for each.
  const settings =
    names.length >= WORTH_A_PACK && (await gitAtLeast(git, "2.37")) ? ["-c", "core.bigFileThreshold=1"] : [];
  await git([...settings, "update-index", "--add", "--remove", "--replace", "-z", "--stdin"], nulTerminated(names));
}

// 5,000 new files: 0.7 s and 2 files in a pack, 3.3 s and 5,000 files without. For a handful it is the other way round.
const WORTH_A_PACK = 50;

// Each costs a few microseconds; between two batches signals and sockets get their turn.
const ENTRIES_AT_A_TIME = 1_000;
