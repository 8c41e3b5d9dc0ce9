import { lstatSync } from "node:fs";
import type { Socket } from "node:net";
import { join } from "node:path";
import { isErrno } from "../../errors.ts";
import { SOCKET } from "../store/session-paths.ts";

/** What commands and workers speak. The version is raised when an old worker could misunderstand a new command. */
export const PROTOCOL = 1;

/**
 * A connection to the worker in a session's folder; null where there is no socket, which most sessions at rest have not, and then what speaks
 * to one is not even loaded. It is made from inside of the folder: the path of a socket may have 104 bytes at most, and a session's folder
 * may lie deep.
 */
export async function connectIn(folder: string): Promise<Socket | null> {
  if (!hasSocket(folder)) return null;
  const { connect } = await import("node:net");
  const before = currentFolder();
  try {
    process.chdir(folder);
    return connect(SOCKET);
  } catch (error) {
    if (isErrno(error, "ENOENT", "ENOTDIR")) return null;
    throw error;
  } finally {
    if (before !== null) process.chdir(before);
  }
}

function hasSocket(folder: string): boolean {
  try {
    lstatSync(join(folder, SOCKET));
    return true;
  } catch (error) {
    if (isErrno(error, "ENOENT", "ENOTDIR")) return false;
    throw error;
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
