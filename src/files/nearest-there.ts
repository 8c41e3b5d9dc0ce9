import { stat } from "node:fs/promises";
import { dirname } from "node:path";
import { isErrno } from "../errors.ts";

/** A folder, or where it would be made: the nearest one above it that is there. What keeps us from looking (EACCES) is thrown. */
export async function nearestThere(folder: string): Promise<string> {
  try {
    await stat(folder);
    return folder;
  } catch (error) {
    if (!isErrno(error, "ENOENT") || dirname(folder) === folder) throw error;
    return nearestThere(dirname(folder));
  }
}
