import { rmdir } from "node:fs/promises";
import { join } from "node:path";
import { inBatches } from "../../bounds/in-batches.ts";
import { isErrno } from "../../errors.ts";
import { exists } from "../../files/look.ts";

/** What the sandbox keeps from being written inside a writable folder; where one is missing, Codex makes an empty one to mount over. */
const PROTECTED = [".git", ".agents", ".codex", ".aws"];

/** The protected folders that are not there before commands run in the sandbox, in folders that they may write in. */
export async function missingMountPoints(roots: readonly string[]): Promise<readonly string[]> {
  const paths = roots.flatMap((root) => PROTECTED.map((name) => join(root, name)));
  const found = await inBatches(paths, exists);
  return paths.filter((_, index) => !found[index]);
}

/**
 * Removes the empty folders that Codex leaves behind when a sandboxed command is ended from outside (0.150 to 0.169): an empty
 * `.codex` or `.git` in someone's workspace is not what they asked for. What holds anything is not ours to remove.
 */
export async function removeMountPoints(missingBefore: readonly string[]): Promise<void> {
  await inBatches(missingBefore, (path) =>
    rmdir(path).catch((error) => {
      if (!isErrno(error, "ENOENT", "ENOTDIR", "ENOTEMPTY", "EEXIST", "EBUSY", "EACCES", "EPERM", "EROFS")) throw error;
    }),
  );
}
