import { realpathSync } from "node:fs";
import { dirname } from "node:path";
import { VERSION } from "./version.ts";

/** This package's own folder: above `scripts/` when compiled, above `src/cli/` when run from source. */
export function ownPackage(): string {
  const folder = dirname(dirname(realpathSync(process.argv[1] ?? "")));
  return VERSION.endsWith("-source") ? dirname(folder) : folder;
}
