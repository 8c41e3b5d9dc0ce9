import { isWithin } from "../../files/is-within.ts";
import { findWorkTree } from "./find-work-tree.ts";

/** Whether a folder is in the work tree that this is about. */
export type InTree = (folder: string) => Promise<boolean>;

/**
 * Tells for other folders whether they are in the same git work tree as `here` (a real path). Without a work tree, and where git ignores
 * a folder, it stands for itself alone. git is asked only where the paths do not settle it.
 */
export function sameTreeAs(here: string): InTree {
  const known = new Map<string, Promise<string>>();
  const root = (folder: string) => {
    const found = known.get(folder) ?? rootOf(folder);
    known.set(folder, found);
    return found;
  };
  return async (folder) => {
    if (folder === here) return true;
    const own = await root(here);
    if (folder === own) return true;
    return isWithin(folder, own) && (await root(folder)) === own;
  };
}

/** A folder that is gone, or whose repository git refuses, is in no tree that we know of. */
async function rootOf(folder: string): Promise<string> {
  return (await findWorkTree(folder).catch(() => undefined))?.root ?? folder;
}
