import { existsSync, lstatSync, realpathSync, statSync } from "node:fs";
import { join } from "node:path";
import { upwards } from "../../files/look.ts";
import { findWorkTree, type WorkTree } from "../git/find-work-tree.ts";
import { type RepositoryRead, readRepository } from "./snapshot.ts";

export interface LocatedTree {
  /** Undefined: there is none (`findWorkTree`). */
  readonly tree: WorkTree | undefined;
  /** What a snapshot must know of its repository; null: it is still to be read. */
  readonly read: RepositoryRead | null;
}

/**
 * The work tree a folder is in, and what a snapshot must know of its repository: two gits side by side. Where the repository is of the
 * common form, no third one must say where it is. Throws as `findWorkTree` does.
 */
export async function locateTree(folder: string, signal?: AbortSignal): Promise<LocatedTree> {
  const plain = plainWorkTree(folder);
  const reading = readRepository({ root: folder }, signal).catch(() => null); // why it failed, the work tree says
  if (plain === null) {
    const tree = await findWorkTree(folder, signal).finally(() => reading);
    return { tree, read: await reading };
  }
  const read = await reading;
  const isThere = read !== null && !read.settings.placed;
  return { tree: await findWorkTree(folder, signal, isThere ? plain : undefined), read };
}

/**
 * The work tree of the common form that the folder is the root of or is in, without asking git: a repository in `.git`. Null: it may be
 * anything else, and only git can say. To be believed only where git itself has read a repository from there, whose configuration places nothing.
 */
function plainWorkTree(folder: string): WorkTree | null {
  const from = realpathSync(folder);
  const disk = statSync(from).dev;
  for (const root of upwards(from)) {
    const gitDir = join(root, ".git");
    const stats = lstatSync(gitDir, { throwIfNoEntry: false });
    if (stats === undefined && !existsSync(join(root, "HEAD"))) continue;
    const isPlain =
      stats?.isDirectory() === true && stats.dev === disk && PARTS.every((name) => existsSync(join(gitDir, name)));
    if (!isPlain || existsSync(join(gitDir, "commondir"))) return null;
    return { root, gitDir, commonDir: gitDir, objects: join(gitDir, "objects"), index: join(gitDir, "index") };
  }
  return null;
}

// Without them git does not take it for a repository.
const PARTS = ["HEAD", "objects", "refs"];
