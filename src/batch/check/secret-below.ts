import { readdir, realpath } from "node:fs/promises";
import { join, relative } from "node:path";
import { isWithin } from "../../files/is-within.ts";
import { secretsAmong } from "../plan/secrets.ts";

/**
 * The first path below a copied one that looks as if it held secrets, from the root; null: none. What a package manager fills is not looked
 * through: the samples in there are not the user's.
 */
export async function secretBelow(root: string, path: string): Promise<string | null> {
  if (path.split("/").some((name) => DEPENDENCIES.has(name))) return null;
  // A link may have an innocent name.
  const real = await realpath(join(root, path));
  if (secretsAmong([isWithin(real, root) ? relative(root, real) : real]).length > 0) return path;
  return firstIn(root, path);
}

const DEPENDENCIES: ReadonlySet<string> = new Set(["node_modules", "vendor", ".venv", "venv", "site-packages"]);

async function firstIn(root: string, folder: string): Promise<string | null> {
  const entries = await readdir(join(root, folder), { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (!CODE.test(entry.name) && secretsAmong([entry.name]).length > 0) return path;
    if (!entry.isDirectory() || DEPENDENCIES.has(entry.name)) continue;
    const found = await firstIn(root, path);
    if (found !== null) return found;
  }
  return null;
}

// `secrets.js` of a build is code that handles them.
const CODE = /\.(?:[cm]?[jt]sx?|map|html|css|md|py|pyc|rb|go|rs|java|class)$/i;
