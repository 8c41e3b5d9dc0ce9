import { accessSync, lstatSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { isErrno } from "../errors.ts";

const GROUP_OR_OTHERS_WRITE = 0o022;

// Synchronously: node:fs/promises takes longer to load than all the looks of a start together.

/** Whether there is anything at this path that we can get to. */
export async function exists(path: string): Promise<boolean> {
  try {
    accessSync(path);
    return true;
  } catch {
    return false;
  }
}

/** Whether there is anything at this path. Whatever keeps us from looking (EACCES) is thrown. */
export async function isThere(path: string): Promise<boolean> {
  return found(() => statSync(path));
}

/** Whether a folder has this entry: a link that leads nowhere counts, and what lies below a file is not there. */
export async function isEntryThere(path: string): Promise<boolean> {
  return found(() => lstatSync(path), "ENOTDIR");
}

/** A folder, or where it would be made: the nearest one above it that is there. Whatever keeps us from looking (EACCES) is thrown. */
export async function nearestThere(folder: string): Promise<string> {
  for (const at of upwards(folder)) if (dirname(at) === at || (await isThere(at))) return at;
  return folder;
}

/** A folder, the one above it, and so on to the root of the disk. */
export function* upwards(folder: string): Generator<string> {
  for (let at = folder; ; at = dirname(at)) {
    yield at;
    if (dirname(at) === at) return;
  }
}

/** Whether the user owns it, as far as the system knows owners. */
export function isOurs({ uid }: { readonly uid: number }): boolean {
  return uid === (process.getuid?.() ?? uid);
}

/** Whether anyone but its owner can write it. */
export function othersCanWrite({ mode }: { readonly mode: number }): boolean {
  return (mode & GROUP_OR_OTHERS_WRITE) !== 0;
}

function found(look: () => unknown, ...absent: readonly string[]): boolean {
  try {
    look();
    return true;
  } catch (error) {
    if (isErrno(error, "ENOENT", ...absent)) return false;
    throw error;
  }
}
