import { lstat, stat } from "node:fs/promises";
import { join } from "node:path";
import { inBatches } from "../../bounds/in-batches.ts";
import { isErrno } from "../../errors.ts";
import { readPlain } from "../../files/read-plain.ts";
import type { WorkTree } from "../../workspace/git/find-work-tree.ts";

/** The paths where nothing is, not even a link that leads nowhere. */
export async function missingAmong({ root }: WorkTree, paths: readonly string[]): Promise<readonly string[]> {
  const there = await inBatches(paths, (path) => lstat(join(root, path)).then(() => true, unlessMissing));
  return paths.filter((_, at) => there[at] !== true);
}

/** The text of the changes document; null: there is none. */
export async function readChangesDocument({ root }: WorkTree, path: string | null): Promise<string | null> {
  const file = path === null ? undefined : await stat(join(root, path)).catch(unlessMissing);
  return path === null || !file?.isFile() ? null : readPlain(join(root, path), { follow: true });
}

function unlessMissing(error: unknown): undefined {
  if (!isErrno(error, "ENOENT", "ENOTDIR", "ELOOP")) throw error;
}
