import { lstatSync } from "node:fs";
import { join } from "node:path";
import { stateFault } from "../../files/state-fault.ts";
import { sessionsPath } from "../edge/folders.ts";

/** A whole id, and not a beginning of one, a name or a flag. */
export const WHOLE_ID = /^\w[\w-]*$/;

/** The folder of the session of this very id, in a place that can be trusted; null where anything is in the way of that. */
export function ownSession(id: string): string | null {
  const root = sessionsPath();
  const folder = join(root, id);
  const stats = lstatSync(folder, { throwIfNoEntry: false });
  const ours = stats?.isDirectory() === true && stats.uid === (process.getuid?.() ?? stats.uid);
  return ours && stateFault(root) === null && stateFault(folder) === null ? folder : null;
}
