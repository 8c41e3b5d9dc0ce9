import { existsSync } from "node:fs";
import { join } from "node:path";
import { readUsersSettings } from "./users-settings.ts";

/** Where a login of Claude Code is, as far as can be seen without asking it; null: none is seen (a keychain is not looked into). */
export function loginSeen(env: Readonly<Record<string, string | undefined>>, home: string | null): string | null {
  const users = readUsersSettings(env, home);
  const variable = VARIABLES.find((name) => env[name] || users.env[name]);
  if (variable !== undefined) return variable;
  if ("apiKeyHelper" in users.settings) return "apiKeyHelper";
  const folder = env["CLAUDE_CONFIG_DIR"] || (home === null ? null : join(home, ".claude"));
  return folder !== null && existsSync(join(folder, ".credentials.json")) ? "its credentials file" : null;
}

const VARIABLES = [
  ...["ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "CLAUDE_CODE_OAUTH_TOKEN"],
  ...["CLAUDE_CODE_USE_BEDROCK", "CLAUDE_CODE_USE_VERTEX", "CLAUDE_CODE_USE_FOUNDRY"],
];
