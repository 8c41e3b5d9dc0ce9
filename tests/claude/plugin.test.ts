import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runClaude } from "../support/claude/claude.ts";
import { claudePlugin } from "../support/claude/claude-plugin.ts";
import { say, use } from "../support/claude/messages-api.ts";
import { loadedIn } from "../support/claude/skill-text.ts";
import { ROOT } from "../support/paths.ts";
import { startRegistry } from "../support/release/registry.ts";
import { packRelease, type Release, unpackRelease } from "../support/release/release.ts";
import { withClaude } from "../support/suite.ts";
import { type TempFolder, tempFolder } from "../support/temp-folder.ts";
import { createWorld } from "../support/world.ts";

let packing: TempFolder;
let packed: Release;
let release: string;
beforeAll(async () => {
  packing = await tempFolder();
  packed = await packRelease(packing.path);
  release = await unpackRelease(packed, packing.path);
});
afterAll(() => packing[Symbol.asyncDispose]());

withClaude("rest", (version) => {
  test("nothing is wrong with the plugin, in the release and in the checkout, however strict it is", async () => {
    await using world = await createWorld({ script: [] });
    for (const folder of [release, ROOT]) {
      const { exitCode, stdout } = await claudePlugin(world, version, ["validate", "--strict", folder]);
      expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: expect.stringContaining("Validation passed") });
    }
  });

  test("the plugin is installed by our marketplace from npm, and its skill loaded", async () => {
    await using world = await createWorld({ script: [] });
    await using registry = await startRegistry(packed, release);
    const env = { ...registry.env, npm_config_cache: join(world.temp, "npm") };
    for (const args of [
      ["marketplace", "add", release],
      ["install", "ask-codex@ask-codex"],
    ])
      expect(await claudePlugin(world, version, args, env)).toMatchObject({ exitCode: 0 });
    const script = [use("Skill", { skill: "ask-codex:ask-codex" }), say("Loaded.")];
    const end = await runClaude(world, { version, script, prompt: "use codex" });
    expect(end).toMatchObject({ code: 0, denials: [] });
    const loaded = loadedIn(end.api.conversations[1] ?? { texts: [], results: [], result: NONE, tools: [] });
    const folder = join(world.home, ".claude", "plugins", "cache", "ask-codex", "ask-codex");
    expect(loaded).toContain(`"${folder}/`);
    expect(loaded).not.toContain("CLAUDE_SKILL_DIR");
  });
});

const NONE = { text: "", isError: false };
