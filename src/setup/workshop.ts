import { cp, lstat, mkdir, rename, rm, rmdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { AskCodexError, asRefused, isErrno, messageOf, UsageError } from "../errors.ts";
import { isEntryThere } from "../files/look.ts";
import { takeHold } from "../process/hold.ts";
import { ownHolder } from "../process/own-holder.ts";

/** Where a skill is put together and where the one before it goes: beside it, on the same disk, and no skill to Claude Code. */
export interface Workshop {
  readonly folder: string;
  readonly fresh: string;
  /** Comes back when its place is empty. */
  readonly before: string;
  /** Does not come back. */
  readonly gone: string;
}

/**
 * Does something to the folder `target` alone: a second installation does not wait, it is refused. What one that was killed
 * has left is put back first. Folders made on the way are gone again when it fails.
 * @throws UsageError when the place cannot be written
 */
export async function withWorkshop<T>(target: string, act: (workshop: Workshop) => Promise<T>): Promise<T> {
  const workshop = workshopOf(target);
  const { folder } = workshop;
  let made: readonly string[] = [];
  try {
    made = await makeFolders(folder);
    if (!(await lstat(folder)).isDirectory()) throw new UsageError(`${folder} is not a folder.`, "Move it away.");
    return await withHold(workshop, async () => {
      await putBack(target, workshop);
      return act(workshop);
    });
  } catch (error) {
    await removeEmpty(made);
    if (error instanceof AskCodexError) throw error;
    const hint = "Nothing was changed. Make room or give yourself the right to write there, then run it again.";
    throw asRefused(error, `${dirname(target)} cannot be written (${reasonOf(error)}).`, hint);
  }
}

/** Puts what was built in its place; what was there goes aside, and comes back when that fails. */
export async function swapIn(
  target: string,
  { fresh, before }: Workshop,
  { replaces }: { readonly replaces: boolean },
): Promise<void> {
  if (!replaces) {
    // A rename would take the place of an empty folder without a word.
    if (await isEntryThere(target)) throw new Error("something has just been put there");
    return rename(fresh, target);
  }
  await rename(target, before);
  try {
    await rename(fresh, target);
  } catch (error) {
    await rename(before, target);
    throw error;
  }
}

/** Copies a file of the user's; a link as the link it is. */
export async function copyEntry(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await cp(from, to, { verbatimSymlinks: true, preserveTimestamps: true, errorOnExist: true, force: false });
}

/** Whether an installation was killed here and has left something. */
export async function isUnfinished(target: string): Promise<boolean> {
  return isEntryThere(workshopOf(target).folder);
}

function workshopOf(target: string): Workshop {
  const folder = join(dirname(target), ".ask-codex-setup");
  return { folder, fresh: join(folder, "new"), before: join(folder, "old"), gone: join(folder, "gone") };
}

/** Removes the folders that are empty, the innermost last in the list. */
export async function removeEmpty(folders: readonly string[]): Promise<void> {
  for (const folder of [...folders].reverse()) {
    await rmdir(folder).catch((error) => {
      // It is in use, or it is gone, or it was never ours to remove.
      if (!isErrno(error, "ENOTEMPTY", "EEXIST", "ENOENT", "ENOTDIR", "EACCES", "EPERM", "EBUSY", "EROFS")) throw error;
    });
  }
}

async function withHold<T>({ folder }: Workshop, act: () => Promise<T>): Promise<T> {
  const taking = await takeHold(join(folder, "hold"), await ownHolder("setup"));
  if (taking.type === "busy") {
    const hint = "Wait for it, then run this again.";
    throw new UsageError(`Another installation is under way here (process ${taking.holder.pid}).`, hint);
  }
  try {
    return await act();
  } finally {
    // A folder that was made read-only keeps what it holds; the next installation tries again.
    await rm(folder, { recursive: true, force: true }).catch((error) => {
      if (!isErrno(error, "EACCES", "EPERM", "ENOTEMPTY", "EBUSY")) throw error;
    });
  }
}

/** Killed between its two renames, an installation has left the old skill here and none in its place. */
async function putBack(target: string, { fresh, before, gone }: Workshop): Promise<void> {
  if ((await isEntryThere(before)) && !(await isEntryThere(target))) await rename(before, target);
  for (const left of [fresh, before, gone]) await rm(left, { recursive: true, force: true });
}

/** Makes a folder and its parents, and returns those it made. */
async function makeFolders(folder: string): Promise<readonly string[]> {
  const first = await mkdir(folder, { recursive: true });
  if (first === undefined) return [];
  const made = [folder];
  for (let at = folder; at !== first && dirname(at) !== at; at = dirname(at)) made.unshift(dirname(at));
  return made;
}

/** The system's own code says it shortest. */
function reasonOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : messageOf(error);
}
