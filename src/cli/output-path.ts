import { access, constants, open, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { isErrno, messageOf, UsageError } from "../errors.ts";
import { makePrivateFolder } from "../files/write-whole.ts";

/**
 * Proves that a report can be written here, by writing beside it: a disk that is full or read-only shows only then.
 * @throws UsageError
 */
export async function requireWritable(path: string): Promise<void> {
  await requireRegular(path, "--output");
  const probe = `${path}.${process.pid}.probe`;
  try {
    await makePrivateFolder(dirname(path));
    const file = await open(probe, "wx", 0o600);
    await file.close();
    await rm(probe);
    if (await exists(path)) await access(path, constants.W_OK);
  } catch (error) {
    throw new UsageError(`--output cannot be written: ${path} (${messageOf(error)})`);
  }
}

/** @throws UsageError when the journal cannot be appended to this file */
export async function requireAppendable(path: string): Promise<void> {
  try {
    const file = await open(path, "a", 0o600);
    await file.close();
  } catch (error) {
    throw new UsageError(`--events cannot be written: ${path} (${messageOf(error)})`);
  }
}

/** A report is put in place by renaming: a device or a pipe would be replaced by it. */
async function requireRegular(path: string, flag: string): Promise<void> {
  try {
    if (!(await stat(path)).isFile()) throw new UsageError(`${flag} is no regular file: ${path}`);
  } catch (error) {
    if (!isErrno(error, "ENOENT", "ENOTDIR")) throw error;
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
