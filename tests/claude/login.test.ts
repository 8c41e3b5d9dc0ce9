import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { loginSeen } from "../../src/claude/login.ts";

test.each([
  ["in the environment", { ANTHROPIC_API_KEY: "k" }, {}, "ANTHROPIC_API_KEY"],
  ["in the settings", {}, { env: { CLAUDE_CODE_OAUTH_TOKEN: "t" } }, "CLAUDE_CODE_OAUTH_TOKEN"],
  ["behind a helper", {}, { apiKeyHelper: "key" }, "apiKeyHelper"],
  ["nowhere", {}, { model: "m" }, null],
])("a login %s is seen as such", (_what, env, settings, seen) => {
  const home = mkdtempSync(join(tmpdir(), "ask-codex-login-"));
  onTestFinished(() => rmSync(home, { recursive: true }));
  mkdirSync(join(home, ".claude"));
  writeFileSync(join(home, ".claude", "settings.json"), JSON.stringify(settings));
  expect(loginSeen(env, home)).toBe(seen);
  writeFileSync(join(home, ".claude", ".credentials.json"), "{}");
  expect(loginSeen(env, home)).toBe(seen ?? "its credentials file");
});
