import { randomBytes } from "node:crypto";
import { access, mkdir, rename, rm } from "node:fs/promises";
import { execa } from "execa";
import { isErrno } from "../../../src/errors.ts";
import { installedAt } from "../paths.ts";

/**
 * Installs one package into a folder of its own, unless it is there. It appears there whole, by a rename, so any number of
 * test runs may do this at once: the first one wins, the others throw their copy away.
 */
export async function install(name: string, version: string): Promise<void> {
  const folder = installedAt(name, version);
  if (await exists(folder)) return;
  const temporary = `${folder}.${randomBytes(4).toString("hex")}`;
  await mkdir(temporary, { recursive: true });
  try {
    const flags = ["--no-save", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
    await execa("npm", ["install", "--prefix", temporary, ...flags, `${name}@${version}`], {
      cwd: temporary,
      stdin: "ignore",
    });
    await rename(temporary, folder);
  } catch (error) {
    if (!isErrno(error, "ENOTEMPTY", "EEXIST")) throw error;
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch (error) {
    if (isErrno(error, "ENOENT")) return false;
    throw error;
  }
}
