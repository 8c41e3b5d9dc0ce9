import { chmod, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { isErrno } from "../../errors.ts";

/** Removes a folder with all that lies in it, if it is there; also what a program has made read-only, as Go's module cache is. */
export async function removeTree(folder: string): Promise<void> {
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    await remove();
  } catch (error) {
    if (!isErrno(error, "EACCES", "EPERM")) throw error;
    await makeWritable(folder);
    await remove();
  }
}

/** The folders alone: a file goes with the permission of the folder that it lies in. No link is followed. */
async function makeWritable(folder: string): Promise<void> {
  await chmod(folder, 0o700);
  for (const entry of await readdir(folder, { withFileTypes: true }))
    if (entry.isDirectory()) await makeWritable(join(folder, entry.name));
}
