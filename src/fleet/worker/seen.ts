import { closeSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { isErrno } from "../../errors.ts";
import { openPlain } from "../../files/open-plain.ts";
import { makePrivateFolder } from "../../files/write-whole.ts";

// An offer is never valid longer than that after it was made.
const KEPT_MS = 15 * 24 * 3600 * 1000;

/** The attempts that this machine has begun, one empty file each: an old offer that is put on the queue again comes to nothing. */
export interface Seen {
  /** False when the attempt was begun before, by any worker of this state folder. */
  begin(attempt: string): boolean;
}

export async function openSeen(folder: string, now: number): Promise<Seen> {
  await makePrivateFolder(folder);
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    // Another worker may be at it as well.
    const since = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? now;
    if (since < now - KEPT_MS) rmSync(path, { force: true });
  }
  return {
    begin(attempt) {
      try {
        closeSync(openPlain(join(folder, encodeURIComponent(attempt)), "new"));
        return true;
      } catch (error) {
        if (isErrno(error, "EEXIST")) return false;
        throw error;
      }
    },
  };
}
