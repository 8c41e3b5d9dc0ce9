import { copyFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { isErrno } from "../../errors.ts";
import type { WorkTree } from "./find-work-tree.ts";
import { runGit } from "./git.ts";
import { privateEnvironment, readNote, removeNote, writeNote } from "./private-index.ts";
import { withoutFilters } from "./read-settings.ts";
import type { IndexGit } from "./read-status.ts";

/** What all git commands of one piece of work have in common. */
export interface PrivateWork {
  readonly tree: WorkTree;
  /** Where indexes and new objects go; no one else writes there. */
  readonly folder: string;
  /** The configured filter drivers, none of which runs. */
  readonly filters: readonly string[];
  readonly signal?: AbortSignal | undefined;
}

/** Runs git at the root of the work tree, on an index of this name in the private folder. */
export function privateGit(work: PrivateWork, index: string): IndexGit {
  const git = gitOn(work, index);
  if (index !== OWN) return git;
  return async (command, input) => {
    await catchUp(work);
    return git(command, input);
  };
}

/** The only way to a private index: no filter runs, not even where git reads a file again because the index might be as young as it. */
function gitOn({ tree, folder, filters, signal }: PrivateWork, index: string): IndexGit {
  const env = { ...privateEnvironment(tree, folder), GIT_INDEX_FILE: join(folder, index) };
  const config = withoutFilters(filters);
  return (command, input) => runGit(command, { cwd: tree.root, env, config, signal, ...(input ? { input } : {}) });
}

// The index that lasts from one snapshot to the next.
const OWN = "index";

/** Brings the index up to date, if that was put off; once, whoever else waits for it. */
export async function catchUp(work: PrivateWork): Promise<void> {
  const known = underWay.get(work.folder);
  if (known !== undefined) return known;
  const done = doPending(work).finally(() => underWay.delete(work.folder));
  underWay.set(work.folder, done);
  return done;
}

const underWay = new Map<string, Promise<void>>();

// Killed half-way, it is done again, which changes nothing. No signal ends it: another may wait for it as well.
async function doPending(work: PrivateWork): Promise<void> {
  const { folder } = work;
  const pending = await readNote(folder, "pending");
  if (pending === undefined) return;
  const end = pending.indexOf("\n");
  const git = gitOn({ ...work, signal: undefined }, OWN);
  await git(["update-index", "-z", "--index-info"], Buffer.from(pending.slice(end + 1), "latin1"));
  await writeNote(folder, "tree", pending.slice(0, end));
  await removeNote(folder, "pending");
}

/** Makes the index `to` a copy of the index `from`; of none, when there is none. */
export async function branchIndex(folder: string, from: string, to: string): Promise<void> {
  await rm(join(folder, to), { force: true });
  await copyFile(join(folder, from), join(folder, to)).catch((error) => {
    if (!isErrno(error, "ENOENT")) throw error;
  });
}

/** The index as a git tree. */
export async function treeOfIndex(git: IndexGit): Promise<string> {
  // A partial clone lacks blobs, which does not matter as long as no one reads them.
  return (await git(["write-tree", "--missing-ok"])).trim();
}
