import { AskCodexError } from "../errors.ts";
import { compareVersions } from "../text/versions.ts";

/** The first version that refuses a second writer of a thread by itself; older ones lose turns without a word. */
export const OLDEST_SUPPORTED = "0.150.0";

/** The version in Codex's user agent, `ask_codex/0.169.0 (…)`; `unknown` when it names none. */
export function versionOf(userAgent: string): string {
  return /^[^/]+\/(\d+\.\d+\.\d+[^\s()]*)/.exec(userAgent)?.[1] ?? "unknown";
}

/** Throws `codex_incompatible` for a version below the oldest supported one. A development build (0.0.0) is let through. */
export function requireSupported(version: string): void {
  const isDevelopment = compareVersions(version, "0.0.0") === 0;
  if (!isDevelopment && (compareVersions(version, OLDEST_SUPPORTED) ?? 0) < 0) throw tooOld(version);
}

function tooOld(version: string): AskCodexError {
  const hint = "Install a supported Codex: npm install -g @openai/codex@latest";
  const message = `Codex ${version} is too old; ${OLDEST_SUPPORTED} or newer is needed`;
  return new AskCodexError("codex_incompatible", message, { hint });
}
