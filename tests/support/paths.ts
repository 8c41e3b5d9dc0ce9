import { realpathSync } from "node:fs";
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

/** Where temporary folders are made. A world that lies below /tmp proves nothing: all that Codex runs may write there. */
export const TEMP = placeForWorlds();

function placeForWorlds(): string {
  const [clone, open, other] = [ROOT, "/tmp", "/var/tmp"].map((path) => `${realpathSync(path)}/`);
  if (!clone?.startsWith(open ?? "")) return join(CACHE, "tmp");
  if (other?.startsWith(open ?? ""))
    throw new Error(
      `The tests cannot run from ${ROOT}: Codex's sandbox may write there, and in /var/tmp. Move the clone.`,
    );
  return join("/var/tmp", `ask-codex-tests-${process.getuid?.()}`);
}
