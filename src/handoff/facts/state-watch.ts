import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import { basename } from "node:path";
import { isErrno } from "../../errors.ts";

/** What files of the state folder hold at one moment, by full path. Null: there is no such file. */
export type Records = ReadonlyMap<string, { readonly bytes: number; readonly hash: string } | null>;

/** Noted in memory: what can write to these files could write to a copy on the disk as well. */
export async function recordsAt(paths: readonly string[]): Promise<Records> {
  return new Map(await Promise.all(paths.map(async (path) => [path, await markOf(path)] as const)));
}

/** The names of files that no longer begin with what they held. Lines may follow: other runs write into the ledger too. */
export async function brokenRecords(before: Records): Promise<readonly string[]> {
  const broken = await Promise.all(
    [...before].map(async ([path, mark]) => {
      const now = mark === null ? null : await markOf(path, mark.bytes);
      return mark === null || now?.hash === mark.hash ? [] : [`the run's own ${basename(path)}`];
    }),
  );
  return broken.flat();
}

async function markOf(path: string, bytes = Number.POSITIVE_INFINITY) {
  try {
    await using file = await open(path, "r");
    const hash = createHash("sha256");
    const buffer = Buffer.alloc(PIECE);
    let read = 0;
    while (read < bytes) {
      const { bytesRead } = await file.read(buffer, 0, Math.min(PIECE, bytes - read), read);
      if (bytesRead === 0) break;
      hash.update(buffer.subarray(0, bytesRead));
      read += bytesRead;
    }
    return { bytes: read, hash: hash.digest("hex") };
  } catch (error) {
    if (isErrno(error, "ENOENT", "ENOTDIR", "EACCES", "EISDIR")) return null;
    throw error;
  }
}

const PIECE = 256 * 1024;
