import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { namesIn } from "../../files/names-in.ts";
import { makePrivateFolder } from "../../files/write-whole.ts";
import { endProcesses, processesMarked } from "../../process/end-processes.ts";
import { takeHold } from "../../process/hold.ts";
import { ownHolder } from "../../process/own-holder.ts";
import { RUN_MARKER } from "../../process/run-marker.ts";

export interface OwnFolder {
  /** For the attempts of this worker, each in a folder with the name of its run; empty. */
  readonly folder: string;
  /** Removes it with all that lies there. */
  remove(): Promise<void>;
}

/** A folder that is this worker's alone. What workers that were killed have left goes first: their folders, and what still runs of theirs. */
export async function openOwnFolder(parent: string, worker: string): Promise<OwnFolder> {
  const places = { folders: join(parent, "workers"), holds: join(parent, "holds") };
  for (const path of Object.values(places)) await makePrivateFolder(path);
  for (const name of await readdir(places.holds))
    if (name.endsWith(HOLD)) await removeIfDead(places, name.slice(0, -HOLD.length), worker);
  // Held before it is there: another worker that begins now must not take it for a dead one's.
  const taken = await takeHold(join(places.holds, `${worker}${HOLD}`), await ownHolder(worker));
  if (taken.type === "busy") throw new Error(`another worker has the name ${worker}`);
  const folder = join(places.folders, worker);
  await makePrivateFolder(folder);
  return {
    folder,
    async remove() {
      await removeFolder(folder);
      await taken.hold.release();
    },
  };
}

const HOLD = ".hold";

/** The hold of a living worker cannot be taken; of a dead one's folder no process knows. */
async function removeIfDead(
  { folders, holds }: { readonly folders: string; readonly holds: string },
  dead: string,
  worker: string,
): Promise<void> {
  const taken = await takeHold(join(holds, `${dead}${HOLD}`), await ownHolder(worker));
  if (taken.type === "busy") return;
  const folder = join(folders, dead);
  for (const runId of await namesIn(folder)) await endProcesses(await processesMarked(RUN_MARKER, runId));
  await removeFolder(folder);
  await taken.hold.release();
}

const removeFolder = (folder: string) => rm(folder, { recursive: true, force: true, maxRetries: 3 });
