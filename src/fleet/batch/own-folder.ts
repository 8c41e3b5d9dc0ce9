import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { makePrivateFolder } from "../../files/write-whole.ts";
import { ownHolder, takeHold } from "../../process/hold.ts";

export interface OwnFolder {
  /** For the attempts of this worker; empty. */
  readonly folder: string;
  /** Removes it with all that lies there. */
  remove(): Promise<void>;
}

/** A folder that is this worker's alone. What workers that were killed have left beside it goes first. */
export async function openOwnFolder(parent: string, worker: string): Promise<OwnFolder> {
  await makePrivateFolder(parent);
  for (const name of await readdir(parent)) await removeIfDead(join(parent, name), worker);
  const place = join(parent, worker);
  const folder = join(place, "attempts");
  await makePrivateFolder(folder);
  await takeHold(join(place, "hold"), await ownHolder(worker));
  return { folder, remove: () => rm(place, { recursive: true, force: true, maxRetries: 3 }) };
}

/** The hold of a living worker cannot be taken; of a dead one's folder nobody else knows. */
async function removeIfDead(place: string, worker: string): Promise<void> {
  const taken = await takeHold(join(place, "hold"), await ownHolder(worker));
  if (taken.type === "held") await rm(place, { recursive: true, force: true, maxRetries: 3 });
}
