import { constants, copyFile, lstat, mkdir, readlink, rm, rmdir, symlink, utimes } from "node:fs/promises";
import { dirname } from "node:path";
import { isErrno } from "../../errors.ts";
import { pathOf } from "../git/raw-names.ts";

/** Files as they were; `putBack` makes them so again. */
export interface KeptFiles {
  putBack(): Promise<void>;
}

/** Copies the files of these raw names from `root` to `folder`. Names under which there is no file are kept as empty. */
export async function keepFiles(root: string, names: readonly string[], folder: string): Promise<KeptFiles> {
  const missing = await missingParents(root, names);
  const kept = new Map<string, string | undefined>();
  for (const name of names)
    kept.set(name, (await copyEntry(root, folder, name)) ? await stampOf(root, name) : undefined);
  return {
    async putBack() {
      const touched: string[] = [];
      // What was never written to may be just what cannot be written to.
      for (const [name, stamp] of kept) if ((await stampOf(root, name)) !== stamp) touched.push(name);
      for (const name of touched) await removeFile(root, name);
      for (const name of missing) await removeEmpty(root, name);
      for (const name of touched) if (kept.get(name) !== undefined) await copyEntry(folder, root, name);
    },
  };
}

/** Differs once the file was written to, replaced or given another mode; undefined for what is not a file. */
async function stampOf(root: string, name: string): Promise<string | undefined> {
  const stats = await statOf(root, name);
  return stats === undefined || stats.isDirectory() ? undefined : `${stats.ino} ${stats.size} ${stats.ctimeNs}`;
}

// The folders that would have to be made, in the place of a file or a link too; the deepest first.
async function missingParents(root: string, names: readonly string[]): Promise<string[]> {
  const missing = new Set<string>();
  for (const name of names) {
    for (let parent = dirname(name); parent !== "." && !missing.has(parent); parent = dirname(parent)) {
      if ((await statOf(root, parent))?.isDirectory()) break;
      missing.add(parent);
    }
  }
  return [...missing].sort((one, other) => other.length - one.length);
}

async function copyEntry(from: string, to: string, name: string): Promise<boolean> {
  const stats = await statOf(from, name);
  if (stats === undefined || !(stats.isFile() || stats.isSymbolicLink())) return false;
  const [source, target] = [pathOf(from, name), pathOf(to, name)];
  await mkdir(pathOf(to, dirname(name)), { recursive: true, mode: 0o777 });
  if (stats.isSymbolicLink()) {
    await symlink(await readlink(source, { encoding: "buffer" }), target);
  } else {
    // Exclusively: what has come there meanwhile, a link perhaps, is not written through.
    await copyFile(source, target, constants.COPYFILE_EXCL);
    await utimes(target, Number(stats.atimeMs) / 1000, Number(stats.mtimeMs) / 1000);
  }
  return true;
}

async function removeFile(root: string, name: string): Promise<void> {
  const stats = await statOf(root, name);
  if (stats !== undefined && !stats.isDirectory()) await rm(pathOf(root, name));
}

async function removeEmpty(root: string, name: string): Promise<void> {
  await rmdir(pathOf(root, name)).catch((error) => {
    if (!isErrno(error, "ENOENT", "ENOTDIR", "ENOTEMPTY", "EEXIST")) throw error;
  });
}

/** What lies behind a link to a folder is not there: it would be another file. */
async function statOf(root: string, name: string) {
  const parts = name.split("/");
  for (let at = 1; at < parts.length; at += 1) {
    const parent = await lstatOf(root, parts.slice(0, at).join("/"));
    if (!parent?.isDirectory()) return undefined;
  }
  return lstatOf(root, name);
}

async function lstatOf(root: string, name: string) {
  return lstat(pathOf(root, name), { bigint: true }).catch((error) => {
    if (!isErrno(error, "ENOENT", "ENOTDIR")) throw error;
    return undefined;
  });
}
