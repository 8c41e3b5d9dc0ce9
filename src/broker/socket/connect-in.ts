import { connect as connectTo, type Socket } from "node:net";
import { isErrno } from "../../errors.ts";
import { SOCKET } from "../store/session-paths.ts";

/** What commands and workers speak. The version is raised when an old worker could misunderstand a new command. */
export const PROTOCOL = 1;

/** A connection to the worker in a session's folder, made from inside of it: the path of a socket may have 104 bytes at most, and a session's folder may lie deep. */
export function connectIn(folder: string): Socket | null {
  const before = currentFolder();
  try {
    process.chdir(folder);
    return connectTo(SOCKET);
  } catch (error) {
    if (isErrno(error, "ENOENT", "ENOTDIR")) return null;
    throw error;
  } finally {
    if (before !== null) process.chdir(before);
  }
}

/** Null when it is gone: then there is nothing to go back to. */
function currentFolder(): string | null {
  try {
    return process.cwd();
  } catch {
    return null;
  }
}
