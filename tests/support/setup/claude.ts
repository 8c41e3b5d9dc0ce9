import { CLAUDE_PACKAGE } from "../claude/claude-code.ts";
import { install } from "../machine/install.ts";
import { CLAUDE_VERSIONS } from "../versions.ts";

/** Fetches the versions of Claude Code that the tests load the skill in. */
export async function setup(): Promise<void> {
  await Promise.all(CLAUDE_VERSIONS.map((version) => install(CLAUDE_PACKAGE, version)));
}
