import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { escapeRegExp } from "../../src/text/escape.ts";
import { runClaude } from "../support/claude/claude.ts";
import { claudePlugin } from "../support/claude/claude-plugin.ts";
import type { Conversation } from "../support/claude/conversation.ts";
import { bash, say, use } from "../support/claude/messages-api.ts";
import { loadedIn } from "../support/claude/skill-text.ts";
import { ROOT } from "../support/paths.ts";
import { packRelease, readJson, unpackRelease } from "../support/release/release.ts";
import { withClaude } from "../support/suite.ts";
import { type TempFolder, tempFolder } from "../support/temp-folder.ts";
import { createWorld, type World } from "../support/world.ts";

const COMMANDS = readdirSync(join(ROOT, "commands")).map((name) => name.replace(/\.md$/, ""));

let packing: TempFolder;
let release: string;
beforeAll(async () => {
  packing = await tempFolder();
  release = await unpackRelease(await packRelease(packing.path), packing.path);
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

  let installed: World;
  beforeAll(async () => {
    installed = await installedPlugin(version);
  });
  afterAll(() => installed[Symbol.asyncDispose]());

  test("the clone's own marketplace installs the plugin, without any registry, and its skill is loaded", async () => {
    const script = [use("Skill", { skill: "ask-codex:ask-codex" }), say("Loaded.")];
    const end = await runClaude(installed, { version, script, prompt: "use codex" });
    expect(end).toMatchObject({ code: 0, denials: [] });
    const loaded = loadedIn(end.api.conversations[1] ?? { texts: [], results: [], result: NONE, tools: [] });
    // From a marketplace on this machine the plugin is used where it was built, or copied, as the version does it.
    expect(loaded).toMatch(new RegExp(`"(${escapeRegExp(PLUGIN)}|${escapeRegExp(cacheOf(installed))}/[^"]*)/scripts/`));
    expect(loaded).not.toContain("CLAUDE_SKILL_DIR");
    // A command of the plugin costs the model's listing nothing.
    const listed = JSON.stringify(end.api.conversations[0]);
    expect(listed).toContain("ask-codex:ask-codex");
    for (const name of COMMANDS) expect(listed).not.toContain(`ask-codex:${name}`);
  });

  test("its commands are typed as /ask-codex:NAME, and run a program of the plugin unasked", async () => {
    // One for each program; the others have the same form.
    for (const [program, name] of new Map(COMMANDS.map((name) => [programOf(name), name]))) {
      const command = (text: string) => `${/"[^"]*scripts\/[\w-]+"/.exec(text)?.[0]} --version`;
      const script = [({ texts }: Conversation) => bash(command(texts.join("\n"))), say("Done.")];
      const end = await runClaude(installed, { version, script, prompt: `/ask-codex:${name} something` });
      expect(end, name).toMatchObject({ code: 0, denials: [] });
      expect(end.api.conversations[0]?.texts.join("\n"), name).toContain(`/scripts/${program}"`);
      expect(end.api.conversations[1]?.result, name).toEqual({ text: manifest.version, isError: false });
    }
  });
});

test.each(COMMANDS)("the command %s may run the one program that it names, and only a user gives it", (name) => {
  const text = textOf(name);
  const program = `"\${CLAUDE_PLUGIN_ROOT}/scripts/${programOf(name)}"`;
  expect(text).toContain(`\nallowed-tools: Bash(${program} *)\n`);
  expect(text).toContain("\ndisable-model-invocation: true\n");
  const [, , body = ""] = text.split("---\n");
  expect([...body.matchAll(/"\$\{CLAUDE_PLUGIN_ROOT\}[^"]*"/g)].map(([named]) => named)).toContain(program);
  expect(body.replaceAll(program, "")).not.toContain("CLAUDE_PLUGIN_ROOT");
});

/** A world in which the two lines of the README were run in a clone. */
async function installedPlugin(version: string): Promise<World> {
  const world = await createWorld({ script: [] });
  for (const args of [
    ["marketplace", "add", ROOT],
    ["install", "ask-codex@ask-codex"],
  ]) {
    const { exitCode, stdout, stderr } = await claudePlugin(world, version, args);
    expect({ exitCode, stdout, stderr }).toMatchObject({ exitCode: 0 });
  }
  return world;
}

const PLUGIN = join(ROOT, "dist", "plugin");

function cacheOf({ home }: World): string {
  return join(home, ".claude", "plugins", "cache", "ask-codex", "ask-codex");
}

/** The program that a command is allowed to run. */
function programOf(name: string): string {
  return /scripts\/([\w-]+)/.exec(textOf(name))?.[1] ?? "";
}

function textOf(command: string): string {
  return readFileSync(join(ROOT, "commands", `${command}.md`), "utf8");
}

const manifest = await readJson(ROOT, "package.json");

const NONE = { text: "", isError: false };
