import { lstat, readdir, readlink } from "node:fs/promises";
import { join, relative } from "node:path";

/** Everything below a folder, by relative path: kind, mode, size, time of the last change. Two equal ones: nothing was written. */
export async function listing(root: string): Promise<Readonly<Record<string, string>>> {
  return Object.fromEntries(await entriesBelow(root, root));
}

async function entriesBelow(root: string, folder: string): Promise<readonly [string, string][]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const described = entries.map(async (entry): Promise<readonly [string, string][]> => {
    const path = join(folder, entry.name);
    const { mode, size, mtimeMs } = await lstat(path);
    const what = entry.isSymbolicLink() ? await readlink(path) : entry.isDirectory() ? "folder" : `${size} ${mtimeMs}`;
    const own: [string, string] = [relative(root, path), `${mode.toString(8)} ${what}`];
    return entry.isDirectory() ? [own, ...(await entriesBelow(root, path))] : [own];
  });
  return (await Promise.all(described)).flat().sort(([one], [other]) => (one < other ? -1 : 1));
}
