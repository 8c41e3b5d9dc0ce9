import { accessSync, constants, statSync } from "node:fs";
import { isErrno } from "../errors.ts";

/** Whether this is a program that can be run. (Synchronously: a PATH of twenty folders is looked through in half a millisecond.) */
export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch (error) {
    if (isErrno(error, "ENOENT", "ENOTDIR", "EACCES", "ELOOP", "ENAMETOOLONG")) return false;
    throw error;
  }
}
