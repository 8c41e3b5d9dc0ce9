import { lstat, rmdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { inBatches } from "../../bounds/in-batches.ts";
import { isErrno } from "../../errors.ts";
import { exists } from "../../files/look.ts";

/** What the sandbox keeps from being written inside a writable folder; where one is missing, Codex makes an empty folder to mount over. */
const PROTECTED = [".git", ".agents", ".codex", ".aws"];

/** The protected folders that are missing before commands run in the sandbox, in folders that they may write in. */
export async function missingMountPoints(roots: readonly string[]): Promise<readonly string[]> {
  const paths = roots.flatMap((root) => PROTECTED.map((name) => join(root, name)));
  const found = await inBatches(paths, exists);
  return paths.filter((_, index) => !found[index]);
}

/**
 * Removes the empty folders that Codex leaves behind when a sandboxed command is ended from outside (0.150 to 0.171): an empty
 * `.codex` or `.git` in someone's workspace is not what they asked for. What holds anything is not ours to remove.
 */
export async function removeMountPoints(missingBefore: readonly string[]): Promise<void> {
  await inBatches(missingBefore, removeEmpty);
}

// The mount follows the command's line in the journal within a second; a busy machine takes longer.
const MOUNTED_WITHIN_MS = 10_000;

/** The same after a run that was killed. What was made later than by its last command, by the run's journal, may be someone else's and stays. */
export async function removeMountPointsOfDead(missingBefore: readonly string[], journal: string): Promise<void> {
  const last = await stat(journal).catch(() => null);
  if (last === null) return;
  await inBatches(missingBefore, async (path) => {
    const made = await lstat(path).catch(() => null);
    if (made !== null && made.birthtimeMs <= last.mtimeMs + MOUNTED_WITHIN_MS) await removeEmpty(path);
  });
}

async function removeEmpty(path: string): Promise<void> {
  await rmdir(path).catch((error) => {
    if (!isErrno(error, "ENOENT", "ENOTDIR", "ENOTEMPTY", "EEXIST", "EBUSY", "EACCES", "EPERM", "EROFS")) throw error;
  });
}
