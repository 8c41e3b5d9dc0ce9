import { accessSync, type BigIntStats, constants, lstatSync } from "node:fs";
import { isErrno } from "../../errors.ts";
import type { WorkTree } from "./find-work-tree.ts";
import { GitError, runGit } from "./git.ts";
import { pathOf, textOf } from "./raw-names.ts";
import type { StatusEntry } from "./read-status.ts";

/** True for a file that is not part of HEAD and too big to be hashed for a proof. */
export function isUntrackedAndBig(tree: WorkTree, entry: Pick<StatusEntry, "name" | "inHead">): boolean {
  if (entry.inHead) return false;
  const stats = lstatOf(tree, entry.name);
  return stats?.isFile() === true && stats.size > BIG_FILE_BYTES;
}

/** Size and time of the last change: equal stamps count as an equal file. */
export function stampOf(tree: WorkTree, name: string): string {
  const stats = lstatOf(tree, name);
  return stats === undefined ? "gone" : `${stats.mode} ${stats.size} ${stats.mtimeNs}`;
}

/** The commit an untracked repository is at; what else is inside of it is its own affair. */
export async function repositoryStamp(tree: WorkTree, name: string, signal?: AbortSignal): Promise<string> {
  const command = [`--git-dir=${textOf(name)}/.git`, "rev-parse", "--quiet", "--verify", "HEAD"];
  try {
    return `repository ${(await runGit(command, { cwd: tree.root, signal })).trim()}`;
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    return "repository"; // without a commit, or nothing that git can read
  }
}

/** Whether git can record it at all: a file that we may read, a link, a repository, or something already gone. */
export function isHashable(tree: WorkTree, name: string): boolean {
  const stats = lstatOf(tree, name);
  if (stats === undefined || stats.isSymbolicLink() || stats.isDirectory()) return true;
  return stats.isFile() && isReadable(pathOf(tree.root, name));
}

function isReadable(path: Buffer): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

/** The file itself, never the target of a link; undefined when there is none. */
export function lstatOf(tree: WorkTree, name: string): BigIntStats | undefined {
  try {
    return lstatSync(pathOf(tree.root, name), { bigint: true, throwIfNoEntry: false });
  } catch (error) {
    // A folder on the way has become a file, or a link to itself.
    if (isErrno(error, "ENOTDIR", "ELOOP")) return undefined;
    throw error;
  }
}

// Hashing costs about a second for 300 MB, and as much room in the run's folder.
const BIG_FILE_BYTES = 10_000_000n;
