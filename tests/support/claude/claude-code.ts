import { join } from "node:path";
import { installedAt } from "../paths.ts";

/** npm's package that is nothing but the program for this machine: no install script, no demand on Node. */
export const CLAUDE_PACKAGE = `@anthropic-ai/claude-code-${process.platform}-${process.arch}`;

/** The `claude` of a version out of CLAUDE_VERSIONS. */
export function claudeBin(version: string): string {
  return join(installedAt(CLAUDE_PACKAGE, version), "node_modules", CLAUDE_PACKAGE, "claude");
}
