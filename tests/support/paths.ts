import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of this package, without a slash at its end. */
export const ROOT = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");

/** What the tests download and what they write: gone with node_modules. */
const CACHE = join(ROOT, "node_modules", ".cache", "ask-codex");

/** The folder of a package that the tests installed beside the pinned ones. */
export function installedAt(name: string, version: string): string {
  return join(CACHE, `${name.replace("/", "+")}@${version}`);
}

/** Where temporary folders are made. Not below /tmp: there Codex refuses to create its helper programs. */
export const TEMP = join(CACHE, "tmp");
