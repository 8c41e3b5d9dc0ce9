import { readdir } from "node:fs/promises";
import { isErrno } from "../errors.ts";

/** The names in a folder, in no order; none where there is no such folder. Whatever else keeps us from looking is thrown. */
export async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isErrno(error, "ENOENT")) return [];
    throw error;
  }
}
