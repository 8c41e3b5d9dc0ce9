import { copyFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { isErrno } from "../../errors.ts";
import type { WorkTree } from "./find-work-tree.ts";
import { runGit } from "./git.ts";
import { catchUp, privateEnvironment } from "./private-index.ts";
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
export function privateGit({ tree, folder, filters, signal }: PrivateWork, index: string): IndexGit {
  const env = { ...privateEnvironment(tree, folder), GIT_INDEX_FILE: join(folder, index) };
  const config = withoutFilters(filters);
  return async (command, input) => {
    if (index === "index") await catchUp(tree, folder);
    return runGit(command, { cwd: tree.root, env, config, signal, ...(input ? { input } : {}) });
  };
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
