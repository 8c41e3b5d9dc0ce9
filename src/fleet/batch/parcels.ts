import { rm } from "node:fs/promises";
import { join } from "node:path";
import { makePrivateFolder } from "../../files/write-whole.ts";
import type { WorkTree } from "../../workspace/git/find-work-tree.ts";
import { type PackOptions, packCommit, TooLarge } from "../../workspace/travel/pack.ts";
import type { Shelf } from "../engine/engine.ts";
import { seal } from "../seal/envelope.ts";
import type { QueueKey } from "../seal/queue-key.ts";
import type { Offer } from "../wire/offer.ts";

export interface ParcelsOptions {
  readonly tree: WorkTree;
  readonly shelf: Shelf;
  readonly key: QueueKey;
  readonly batch: string;
  /** The commit that the batch began from. */
  readonly base: string;
  /** Private to the batch. */
  readonly folder: string;
  /** In bytes; a base that is larger must come from the workers' own remote. */
  readonly limit: number;
}

/** Lays the files of a commit on the shelf, once, and gives what an offer says of them. */
export type Parcels = (commit: string) => Promise<Offer["files"]>;

/** The base travels whole, or is left to a remote; every other commit travels beside it, as what differs. */
export function openParcels(options: ParcelsOptions): Parcels {
  const laid = new Map<string, Promise<Offer["files"]>>();
  const once = (commit: string, lay: () => Promise<Offer["files"]>) => {
    const known = laid.get(commit);
    if (known !== undefined) return known;
    const made = lay();
    laid.set(commit, made);
    // What failed once, say for a full disk, may work for the next task.
    made.catch(() => laid.delete(commit));
    return made;
  };
  const base = () => once(options.base, () => layBase(options));
  return (commit) =>
    commit === options.base ? base() : once(commit, async () => layBeside(options, commit, await base()));
}

async function layBase(options: ParcelsOptions): Promise<Offer["files"]> {
  try {
    return await lay(options, options.base, undefined);
  } catch (error) {
    if (!(error instanceof TooLarge)) throw error;
    return { commit: options.base, remote: options.base, parcels: [] };
  }
}

async function layBeside(options: ParcelsOptions, commit: string, base: Offer["files"]): Promise<Offer["files"]> {
  const as = base.remote === null ? "files" : "itself";
  const files = await lay(options, commit, { commit: options.base, as });
  return { ...files, remote: base.remote, parcels: [...base.parcels, ...files.parcels] };
}

async function lay(
  { tree, shelf, key, batch, folder, limit }: ParcelsOptions,
  commit: string,
  beside: PackOptions["beside"],
): Promise<Offer["files"]> {
  const scratch = join(folder, `packing-${commit}`);
  await makePrivateFolder(scratch);
  try {
    const parcel = await packCommit({ tree, commit, beside, folder: scratch, limit });
    const label = { kind: "files", batch, of: parcel.commit };
    await shelf.put(batch, parcel.commit, seal(key, label, parcel.bundle));
    return { commit: parcel.commit, remote: null, parcels: [parcel.commit] };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
