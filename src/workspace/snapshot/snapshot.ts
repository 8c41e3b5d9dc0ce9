import type { WorkTree } from "../git/find-work-tree.ts";
import { forcedFiles } from "../git/forced-files.ts";
import { runGit, together } from "../git/git.ts";
import { openPrivateIndex, type PrivateIndex, readNote, removeNote, writeNote } from "../git/private-index.ts";
import { textOf } from "../git/raw-names.ts";
import { readSettings, type Settings, withoutFilters } from "../git/read-settings.ts";
import { type IndexGit, readStatus, type TreeStatus } from "../git/read-status.ts";
import { readRefs } from "../git/refs.ts";
import { planRecording, recordFiles } from "./record-files.ts";
import { findHidden, revealHidden } from "./reveal-hidden.ts";

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
  return { ...(await recordWorkTree(tree, { folder, settings, index, signal })), refs };
}

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
  readonly folder: string;
  readonly settings: Settings;
  readonly index: PrivateIndex;
  readonly signal: AbortSignal | undefined;
}

async function recordWorkTree(
  tree: WorkTree,
  { folder, settings, index, signal }: Recorder,
): Promise<Omit<Snapshot, "refs">> {
  const config = withoutFilters(settings.filters);
  const git: IndexGit = (command, input) =>
    runGit(command, { cwd: tree.root, env: index.env, config, signal, ...(input ? { input } : {}) });

  const [status, forced] = await together([
    wholeStatus(git, tree, folder, settings),
    index.outdated ? forcedFiles(tree, signal) : Promise.resolve([]),
  ]);
  const plan = await planRecording(tree, status.entries, forced, signal);
  const unchanged = plan.add.length + plan.drop.length === 0;
  if (!unchanged) await removeNote(folder, "tree");
  const stamps = await recordFiles(git, tree, plan);
  return {
    tree: (unchanged && (await readNote(folder, "tree"))) || (await writeTree(git, folder, unchanged ? status : null)),
    stamps: new Map([...stamps].map(([name, stamp]) => [textOf(name), stamp])),
    dirty: [...new Set(status.entries.map(({ name }) => textOf(name).replace(/\/$/, "")))],
    head: status.head,
    branch: status.branch === null ? null : textOf(status.branch),
    filters: settings.filters,
  };
}

async function wholeStatus(git: IndexGit, tree: WorkTree, folder: string, settings: Settings): Promise<TreeStatus> {
  const [status, hidden] = await together([readStatus(git), findHidden(git, folder, settings.sparse)]);
  return (await revealHidden(git, tree, folder, hidden)) ? readStatus(git) : status;
}

/** `status`: what the index was found to be; null: it is another one by now. */
async function writeTree(git: IndexGit, folder: string, status: TreeStatus | null): Promise<string> {
  // Where nothing differs from HEAD, its tree is there already; write-tree would read all of the index to come to the same.
  const head = status?.entries.length === 0 ? status.head : null;
  // Whether the blobs are all there is not our question: a partial clone lacks some, and looking costs time.
  const tree = head === null ? (await git(["write-tree", "--missing-ok"])).trim() : treeOfCommit(head);
  await writeNote(folder, "tree", tree);
  return tree;
}
