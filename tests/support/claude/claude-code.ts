import { join } from "node:path";
import { installedAt } from "../paths.ts";

/** The current line. */
export const CLAUDE_NEWEST = "2.1.332";

/** The last that npm gives to a Node older than 22. */
export const CLAUDE_OLDER = "2.1.197";

/**
 * Installed by the set-up of the test run like the other Codex versions. No dev dependency: `npm ci` would fetch 174 MB, for
 * everybody who only builds the programs, and the other version would have to be installed beside it all the same.
 */
export const CLAUDE_VERSIONS: readonly string[] = [CLAUDE_NEWEST, CLAUDE_OLDER];

/** npm's package that is nothing but the program for this machine: no install script, no demand on Node. */
export const CLAUDE_PACKAGE = `@anthropic-ai/claude-code-${process.platform}-${process.arch}`;

/** The `claude` of a version out of CLAUDE_VERSIONS. */
export function claudeBin(version: string): string {
  return join(installedAt(CLAUDE_PACKAGE, version), "node_modules", CLAUDE_PACKAGE, "claude");
}
