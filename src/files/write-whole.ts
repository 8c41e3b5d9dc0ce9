import { closeSync, fchmodSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { isErrno } from "../errors.ts";
import { isThere } from "./look.ts";
import { openPlain } from "./open-plain.ts";
import { randomHex } from "./random-hex.ts";
import { writeAll } from "./write-all.ts";

/** Owner only: what Codex was asked and answered concerns no one else. */
export const PRIVATE_FILE = 0o600;
export const PRIVATE_FOLDER = 0o700;

/**
 * Writes a file of ours beside its place and renames it there, so a reader sees the old one or the new one, never a half. A link in
 * its place is replaced, never followed. No fsync: it survives the death of any process; a power cut may cost the last run's report,
 * not its journal. Synchronously: half a millisecond, where its steps through the thread pool take six times that, and a turn or an
 * exit waits for them.
 */
export async function writeWhole(path: string, text: string | Uint8Array, mode: number = PRIVATE_FILE): Promise<void> {
  const temporary = `${path}.${randomHex(6)}.tmp`;
  try {
    const file = openPlain(temporary, "new", { mode });
    try {
      // What is shared on purpose is not cut by the umask.
      if (mode !== PRIVATE_FILE) fchmodSync(file, mode);
      writeAll(file, typeof text === "string" ? Buffer.from(text) : text);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/**
 * Makes a folder and its parents, readable by the owner only. One level after the other: Node's own recursive mkdir never
 * returns below /proc.
 */
export async function makePrivateFolder(path: string): Promise<void> {
  const missing: string[] = [];
  for (let folder = path; dirname(folder) !== folder && !(await isThere(folder)); folder = dirname(folder))
    missing.unshift(folder);
  for (const folder of missing) {
    try {
      mkdirSync(folder, PRIVATE_FOLDER);
    } catch (error) {
      // Another run of ours was first.
      if (!isErrno(error, "EEXIST")) throw error;
    }
  }
}
