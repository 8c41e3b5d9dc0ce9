import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { installCommand, routeOf, settingsCommand } from "../../src/setup/install-route.ts";
import { tempFolder } from "../support/temp-folder.ts";

test.each([
  { type: "clone", at: "a clone", files: ["package.json", "build.ts", ".claude-plugin/plugin.json"] },
  { type: "global", at: "lib/node_modules/ask-codex", files: ["package.json", ".claude-plugin/plugin.json"] },
  { type: "plugin", at: "plugins/cache/ask-codex/ask-codex/0.1.0", files: [".claude-plugin/plugin.json"] },
  { type: "skill", at: ".claude/skills/ask-codex", files: [".ask-codex.json", "SKILL.md"] },
  { type: "skill", at: ".claude/skills/ask-codex", files: ["package.json", ".claude-plugin/plugin.json"] },
  { type: "skill", at: "config/skills/ask-codex", files: [".claude-plugin/plugin.json"] },
  { type: "clone", at: ".claude/skills/ask-codex", files: ["package.json", "build.ts"] },
  { type: "release", at: "package", files: ["package.json", ".claude-plugin/plugin.json"] },
])("a $type is known by what lies in its folder", async ({ type, at, files }) => {
  await using root = await tempFolder();
  const folder = join(root.path, at);
  for (const file of files) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), "{}");
  }
  expect(routeOf(folder)).toEqual({ type, folder });
});

test("each route is renewed in a way that needs no published package", () => {
  const commands = (["clone", "global", "plugin", "skill", "release"] as const).map((type) =>
    installCommand({ type, folder: "/my place" }, "--allow"),
  );
  expect(commands.filter((command) => /npx|@latest|npm install/.test(command))).toEqual([]);
  expect(commands[0]).toBe("cd '/my place' && npm ci && npm run install-skill -- --allow");
  expect(commands[3]).toBe("ask-codex install --allow, of the clone or package it came from");
  expect(commands[4]).toBe("'/my place/scripts/ask-codex' install --allow");
});

test("an installed copy adds its rules by itself", () => {
  expect(settingsCommand({ type: "skill", folder: "/skills/ask-codex" }, "--allow")).toBe(
    "'/skills/ask-codex/scripts/ask-codex' install --allow",
  );
});
