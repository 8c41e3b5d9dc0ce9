import { join } from "node:path";
import { installedAt, ROOT } from "./paths.ts";
import { NEWEST } from "./versions.ts";

/** The `codex` that npm installs, of a version out of VERSIONS. */
export function codexBin(version: string = NEWEST): string {
  const folder = version === NEWEST ? ROOT : installedAt("@openai/codex", version);
  return join(folder, "node_modules", ".bin", "codex");
}
