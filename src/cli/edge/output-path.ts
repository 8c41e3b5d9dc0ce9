import { closeSync } from "node:fs";
import { access, constants, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { asRefused, messageOf, UsageError } from "../../errors.ts";
import { isThere, nearestThere } from "../../files/look.ts";
import { randomHex } from "../../files/random-hex.ts";
import { realPlace } from "../../files/real-place.ts";
import { createAt, openToAppendAt, PlaceRefused } from "../../files/write-place.ts";

/**
 * Proves that our own files can be written, before anything is started.
 * @throws UsageError
 */
export async function requireState(state: string): Promise<void> {
  try {
    await probe(state);
  } catch (error) {
    const hint = "Set ASK_CODEX_HOME to a folder that can be written.";
    throw asRefused(error, `The state folder cannot be written: ${state} (${reasonOf(error)}).`, hint);
  }
}

/**
 * Proves that a report can be written here (a real path); its folder is made when it is written.
 * @throws UsageError
 */
export async function requireWritable(path: string): Promise<void> {
  try {
    const there = await isThere(path);
    await probe(dirname(path));
    if (there) await access(path, constants.W_OK);
  } catch (error) {
    throw asRefused(error, `--output cannot be written: ${path} (${reasonOf(error)})`);
  }
}

/** @throws UsageError when the journal cannot be appended to this file (a real path) */
export async function requireAppendable(path: string): Promise<void> {
  try {
    if (!(await isThere(path))) {
      await stat(dirname(path));
      return await probe(dirname(path));
    }
    closeSync(openToAppendAt(path));
  } catch (error) {
    if (error instanceof PlaceRefused) throw new UsageError(`--events cannot be written: ${error.message}`);
    throw asRefused(error, `--events cannot be written: ${path} (${reasonOf(error)})`);
  }
}

/** Writes into the folder, or where it would be made, and leaves no trace: a disk that is full or read-only shows only then. */
async function probe(folder: string): Promise<void> {
  const path = join(await nearestThere(folder), `.ask-codex-${randomHex(8)}`);
  try {
    createAt(realPlace(path), "probe");
  } finally {
    await rm(path, { force: true }).catch(() => {});
  }
}

/** The system's own code says it shortest; its message would name our probe. */
export function reasonOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : messageOf(error);
}
