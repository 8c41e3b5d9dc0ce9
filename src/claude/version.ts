import { AskCodexError } from "../errors.ts";
import { compareVersions } from "../text/versions.ts";

/** The oldest Claude Code that the executor was tried with. */
export const OLDEST_CLAUDE = "2.1.197";

/** The version that `claude --version` prints; null: it prints none. */
export function claudeVersion(output: string): string | null {
  return /\d+\.\d+\.\d+[^\s()]*/.exec(output)?.[0] ?? null;
}

export function isOldClaude(version: string): boolean {
  return (compareVersions(version, OLDEST_CLAUDE) ?? 0) < 0;
}

export function tooOldClaude(version: string): AskCodexError {
  return new AskCodexError(
    "claude_incompatible",
    `Claude Code ${version} is too old to execute tasks; ${OLDEST_CLAUDE} or newer is needed`,
  );
}
