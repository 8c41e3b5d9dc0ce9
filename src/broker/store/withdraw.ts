import { rmSync } from "node:fs";
import { dirname } from "node:path";
import { AskCodexError, isErrno } from "../../errors.ts";
import { syncFolder } from "../../files/sync-folder.ts";
import { readSession } from "./session-log.ts";
import type { SessionPaths } from "./session-paths.ts";

/** Takes a message out of the queue again, by its file. False: a worker has begun with it, so that it stays sent. */
export function withdraw(paths: SessionPaths, messageId: string, file: string): boolean {
  if (hasBegun(paths, messageId)) return false;
  try {
    rmSync(file);
  } catch (error) {
    // A worker is through with it.
    if (isErrno(error, "ENOENT")) return false;
    throw error;
  }
  // It must not come back with the machine.
  syncFolder(dirname(file));
  // In this very moment: a worker that finds the file gone does not begin any more.
  return !hasBegun(paths, messageId);
}

/** A message in a run or on its way into one, or whose end is journaled. */
function hasBegun(paths: SessionPaths, messageId: string): boolean {
  try {
    const { run, steering, settled } = readSession(paths.events);
    return run?.messageId === messageId || steering.has(messageId) || settled.has(messageId);
  } catch (error) {
    // No worker comes up on a journal that cannot be read.
    if (error instanceof AskCodexError) return false;
    throw error;
  }
}
