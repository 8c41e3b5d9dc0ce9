import { join } from "node:path";
import type { WorkTree } from "../git/find-work-tree.ts";
import { forcedFiles } from "../git/forced-files.ts";
import { together } from "../git/git.ts";
import { type PrivateWork, privateGit } from "../git/private-git.ts";
import { openPrivateIndex, putOff, readNote, writeNote } from "../git/private-index.ts";
import { textOf } from "../git/raw-names.ts";
import { readSettings, type Settings } from "../git/read-settings.ts";
import { HeadMoved, type IndexGit, readStatus, type StagedEntry, type TreeStatus } from "../git/read-status.ts";
import { readRefs } from "../git/refs.ts";
import type { Entry } from "../git/tree-entries.ts";
import { planRecording, type Recorded, type Recording, recordFiles } from "./record-files.ts";
import { absentAttributes, findHidden, revealHidden } from "./reveal-hidden.ts";

/** The state of a work tree at one moment; names are relative to its root. */
export interface Snapshot {
  /**
   * A git tree of all files that are not ignored, as git takes it: an id, or `<commit>^{tree}` where nothing differs from HEAD. Its
   * new objects are in the run's folder.
   */
  readonly tree: string;
  /** Files known by a stamp instead of their content: see record-files.ts. */
  readonly stamps: ReadonlyMap<string, string>;
  /** What differs from HEAD in the index or on the disk, untracked files included. */
  readonly dirty: readonly string[];
  /** The commit; null before the first one. */
  readonly head: string | null;
  /** The branch's short name; null when HEAD is detached. */
  readonly branch: string | null;
  /** Object ids by full ref name. */
  readonly refs: ReadonlyMap<string, string>;
  /** The filter drivers that were configured, none of which was run. */
  readonly filters: readonly string[];
}

/** The tree of a commit, as git takes it. */
export function treeOfCommit(commit: string): string {
  return `${commit}^{tree}`;
}

/**
 * Records the work tree and leaves the repository as it is. `folder` is private to the run: the index and the objects
 * live there, and the next snapshot in the same folder is cheaper for it. `read`: what was read just now, to spare a wait.
 * Throws a GitError with git's own complaint.
 */
export async function takeSnapshot(
  tree: WorkTree,
  folder: string,
  signal?: AbortSignal,
  read: Partial<RepositoryRead> = {},
): Promise<Snapshot> {
  const [{ settings, refs }, index] = await together([
    readRepository(tree, signal, read),
    openPrivateIndex(tree, folder),
  ]);
  const work = { tree, folder, filters: settings.filters, signal };
  for (let left = ATTEMPTS; ; left--) {
    try {
      return { ...(await recordWorkTree(work, { settings, outdated: index.outdated })), refs };
    } catch (error) {
      if (!(error instanceof HeadMoved) || left === 1) throw error;
    }
  }
}

// A commit in the very moment that a status takes is rare, and there are not several in a row.
const ATTEMPTS = 3;

/** What a snapshot must know of the repository before it looks at the files. */
export interface RepositoryRead extends Pick<Snapshot, "refs"> {
  readonly settings: Settings;
}

/** From any folder of the work tree, as far as it is not `known`; two gits side by side. */
export async function readRepository(
  tree: Pick<WorkTree, "root">,
  signal?: AbortSignal,
  known: Partial<RepositoryRead> = {},
): Promise<RepositoryRead> {
  const [settings, refs] = await together([
    known.settings ?? readSettings(tree, signal),
    known.refs ?? readRefs(tree, signal),
  ]);
  return { settings, refs };
}

interface Recorder {
  readonly settings: Settings;
  /** The repository's index is another one than at the first snapshot. */
  readonly outdated: boolean;
}

async function recordWorkTree(work: PrivateWork, { settings, outdated }: Recorder): Promise<Omit<Snapshot, "refs">> {
  const { tree, folder, signal } = work;
  const git = privateGit(work, "index");
  const [status, forced] = await together([
    wholeStatus(git, work, settings),
    outdated ? forcedFiles(tree, signal) : Promise.resolve([]),
  ]);
  const plan = await planRecording(tree, status.entries, forced, signal);
  const known = plan.add.length + plan.drop.length === 0 ? await readNote(folder, "tree") : undefined;
  const recorded = await recordFiles(work, plan, await stagedFor(git, work, { status, plan, sparse: settings.sparse }));
  return {
    tree: known ?? (await writeTree(git, folder, { status, recorded })),
    stamps: new Map([...recorded.stamps].map(([name, stamp]) => [textOf(name), stamp])),
    dirty: [...new Set(status.entries.map(({ name }) => textOf(name).replace(/\/$/, "")))],
    head: status.head,
    branch: status.branch === null ? null : textOf(status.branch),
    filters: settings.filters,
  };
}

async function wholeStatus(git: IndexGit, { tree, folder }: PrivateWork, settings: Settings): Promise<TreeStatus> {
  const [status, hidden] = await together([readStatus(git), findHidden(git, folder, settings.sparse)]);
  return (await revealHidden(git, tree, folder, hidden)) ? readStatus(git) : status;
}

interface Planned {
  readonly status: TreeStatus;
  readonly plan: Recording;
  readonly sparse: boolean;
}

/** What the index has that decides how the files of a plan are hashed. */
async function stagedFor(git: IndexGit, work: PrivateWork, { status, plan, sparse }: Planned): Promise<StagedEntry[]> {
  if (plan.add.length === 0) return [];
  const added = new Set(plan.add);
  const attributes = await absentAttributes(git, work.folder, sparse);
  const kept = attributes.filter(({ name }) => !added.has(name) && !plan.drop.includes(name));
  return [...status.entries.flatMap(({ name, staged }) => (added.has(name) ? staged : [])), ...kept];
}

interface Found {
  readonly status: TreeStatus;
  readonly recorded: Recorded;
}

/** HEAD's tree with all that the status has listed, as it is in the work tree. */
async function writeTree(git: IndexGit, folder: string, { status, recorded }: Found): Promise<string> {
  const { head, entries } = status;
  const same = entries.flatMap(({ name, file, staged: [entry] }) =>
    file === "same" && entry !== undefined ? [[name, entry] as const] : [],
  );
  const changes = new Map([...same, ...recorded.entries]);
  const base = head === null ? null : treeOfCommit(head);
  const tree = base !== null && changes.size === 0 ? base : await joined(base, changes);
  if (recorded.entries.size === 0) await writeNote(folder, "tree", tree);
  else await putOff(folder, tree, recorded.entries);
  return tree;

  // Most work trees that are only looked at need none of it.
  async function joined(...parts: readonly [base: string | null, changes: ReadonlyMap<string, Entry | null>]) {
    const { treeWith } = await import("./tree-with.ts");
    return treeWith({ git, objects: join(folder, "objects") }, ...parts);
  }
}
