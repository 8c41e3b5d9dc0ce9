import { basename } from "node:path";
import { inBatches } from "../bounds/in-batches.ts";
import { sessionFolders, sessionPaths } from "../broker/store/session-paths.ts";
import { holderOf } from "../process/hold.ts";

export interface LivingWorker {
  readonly id: string;
  readonly pid: number;
}

/** The broker sessions that a worker serves right now. */
export async function livingWorkers(sessions: string): Promise<readonly LivingWorker[]> {
  const folders = await sessionFolders(sessions);
  const found = await inBatches(folders, async (folder) => {
    // A damaged hold is the doctor's business; here it only says nothing.
    const holder = await holderOf(sessionPaths(folder).hold).catch(() => null);
    return holder === null ? [] : [{ id: basename(folder), pid: holder.pid }];
  });
  return found.flat();
}
