import { statSync } from "node:fs";
import { dirname, join } from "node:path";
import { isOurs, othersCanWrite } from "./look.ts";
import { realFolder } from "./real-place.ts";
import { STATE_FOLDERS } from "./state-paths.ts";

// What a session is made of: its messages, and the words that decide.
const SESSION_FOLDERS = ["queue", "words"];
const OTHERS_WRITE = 0o002;
const STICKY = 0o1000;
// What a user namespace shows for an owner that it has no number for.
const UNMAPPED = 65_534;

/**
 * Why what lies in a state folder, or in a session's, cannot be trusted: another user owns it, can write it, or can exchange it for another. Null: it can,
 * or is not there yet.
 */
export function stateFault(state: string): string | null {
  const real = realFolder(state);
  for (const folder of [real, ...[...STATE_FOLDERS, ...SESSION_FOLDERS].map((name) => join(real, name))]) {
    const stats = statSync(folder, { throwIfNoEntry: false });
    if (stats === undefined) continue;
    if (!isOurs(stats)) return `${folder} belongs to another user`;
    if (othersCanWrite(stats)) return `${folder} can be written by others: chmod go-w it`;
  }
  for (let above = dirname(real); above !== dirname(above); above = dirname(above)) {
    const stats = statSync(above, { throwIfNoEntry: false });
    if (stats === undefined) continue;
    const exchangeable = (stats.mode & OTHERS_WRITE) !== 0 && (stats.mode & STICKY) === 0;
    if (exchangeable) return `it lies in ${above}, which everyone can write`;
    if (!isOurs(stats) && stats.uid !== 0 && stats.uid !== UNMAPPED)
      return `it lies in ${above}, which is another user's`;
  }
  return null;
}
