import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./paths.ts";

/** The Codex that is the pinned dev dependency. */
export const NEWEST = pinned("@openai/codex");

/** The oldest Codex that is supported. */
export const OLDEST = "0.150.0";

/** Every Codex that is tested: these two, and two between. */
export const VERSIONS: readonly string[] = [OLDEST, "0.160.1", "0.169.0", NEWEST];

/** The oldest Node that package.json allows, and a current one. */
export const NODES = { oldest: "20.19.0", current: "24.20.0" } as const;

/** The current Claude Code. */
export const CLAUDE_NEWEST = "2.1.332";

/** The last Claude Code that npm gives to a Node older than 22. */
export const CLAUDE_OLDER = "2.1.197";

/**
 * Every Claude Code that is tested. Installed by the set-up like the older Codex versions and not as a dev dependency: `npm ci` would
 * fetch 174 MB for everyone who only builds the programs.
 */
export const CLAUDE_VERSIONS: readonly string[] = [CLAUDE_NEWEST, CLAUDE_OLDER];

function pinned(name: string): string {
  const manifest = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
    devDependencies: Record<string, string>;
  };
  const version = manifest.devDependencies[name];
  if (version === undefined) throw new Error(`package.json pins no ${name}`);
  return version;
}
