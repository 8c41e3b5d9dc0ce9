import { access, constants, open, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { isErrno, messageOf, UsageError } from "../../errors.ts";
import { nearestThere } from "../../files/nearest-there.ts";
import { randomHex } from "../../files/random-hex.ts";
import { PRIVATE_FILE } from "../../files/write-whole.ts";

/**
 * Proves that our own files can be written, before anything is started.
 * @throws UsageError
 */
export async function requireState(state: string): Promise<void> {
  try {
    await probe(state);
  } catch (error) {
    const hint = "Set ASK_CODEX_HOME to a folder that can be written.";
    throw new UsageError(`The state folder cannot be written: ${state} (${reasonOf(error)}).`, hint);
  }
}

/**
 * Proves that a report can be written here; its folder is made when it is written.
 * @throws UsageError
 */
export async function requireWritable(path: string): Promise<void> {
  try {
    const there = await isRegular(path);
    await probe(dirname(path));
    if (there) await access(path, constants.W_OK);
  } catch (error) {
    throw new UsageError(`--output cannot be written: ${path} (${reasonOf(error)})`);
  }
}

/** @throws UsageError when the journal cannot be appended to this file */
export async function requireAppendable(path: string): Promise<void> {
  try {
    if (!(await isThere(path))) {
      await stat(dirname(path));
      return await probe(dirname(path));
    }
    const file = await open(path, "a", PRIVATE_FILE);
    await file.close();
  } catch (error) {
    throw new UsageError(`--events cannot be written: ${path} (${reasonOf(error)})`);
  }
}

/** Writes into the folder, or where it would be made, and leaves no trace: a disk that is full or read-only shows only then. */
async function probe(folder: string): Promise<void> {
  const path = join(await nearestThere(folder), `.ask-codex-${randomHex(8)}`);
  try {
    await writeFile(path, "probe", { flag: "wx", mode: PRIVATE_FILE });
  } finally {
    await rm(path, { force: true }).catch(() => {});
  }
}

/** A report is put in place by renaming: a device or a pipe would be replaced by it. False: there is nothing yet. */
async function isRegular(path: string): Promise<boolean> {
  if (!(await isThere(path))) return false;
  if ((await stat(path)).isFile()) return true;
  throw new Error("no regular file");
}

/** What keeps us from looking is thrown: it is the reason that is told. */
async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (isErrno(error, "ENOENT")) return false;
    throw error;
  }
}

/** The system's own code says it shortest; its message would name our probe. */
function reasonOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : messageOf(error);
}
