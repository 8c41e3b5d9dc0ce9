import { createHash } from "node:crypto";
import { closeSync, readSync } from "node:fs";
import { basename } from "node:path";
import { isErrno } from "../../errors.ts";
import { NotPlain, openPlain } from "../../files/open-plain.ts";

/** What files of the state folder hold at one moment, by full path. Null: there is no such file. */
export type Records = ReadonlyMap<string, { readonly bytes: number; readonly hash: string } | null>;

/** Noted in memory: what can write to these files could write to a copy on the disk as well. */
export function recordsAt(paths: readonly string[]): Records {
  return new Map(paths.map((path) => [path, markOf(path)]));
}

/** The names of files that no longer begin with what they held. Lines may follow: other runs write into the ledger too. */
export function brokenRecords(before: Records): readonly string[] {
  return [...before].flatMap(([path, mark]) => {
    if (mark === null || markOf(path, mark.bytes)?.hash === mark.hash) return [];
    return [`the run's own ${basename(path)}`];
  });
}

function markOf(path: string, bytes = Number.POSITIVE_INFINITY) {
  try {
    const file = openPlain(path, "read");
    try {
      const hash = createHash("sha256");
      const buffer = Buffer.alloc(PIECE);
      let read = 0;
      while (read < bytes) {
        const count = readSync(file, buffer, 0, Math.min(PIECE, bytes - read), read);
        if (count === 0) break;
        hash.update(buffer.subarray(0, count));
        read += count;
      }
      return { bytes: read, hash: hash.digest("hex") };
    } finally {
      closeSync(file);
    }
  } catch (error) {
    if (error instanceof NotPlain || isErrno(error, "ENOENT", "ENOTDIR", "EACCES")) return null;
    throw error;
  }
}

const PIECE = 256 * 1024;
