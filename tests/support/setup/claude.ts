import { CLAUDE_PACKAGE } from "../claude/claude-code.ts";
import { install } from "../machine/install.ts";
import { CLAUDE_NEWEST, CLAUDE_VERSIONS } from "../versions.ts";
import { SUITE } from "./suites.ts";

/** Fetches the versions of Claude Code that the tests of this suite load the skill in. */
export async function setup(): Promise<void> {
  const versions = SUITE === "matrix" ? CLAUDE_VERSIONS : [CLAUDE_NEWEST];
  await Promise.all(versions.map((version) => install(CLAUDE_PACKAGE, version)));
}
