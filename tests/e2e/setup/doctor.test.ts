import { chmod, mkdir, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ask } from "../../support/ask.ts";
import { SETUP } from "../../support/programs.ts";
import { inMatrix, withCodex } from "../../support/suite.ts";
import { tempFolder } from "../../support/temp-folder.ts";
import { createWorld, type World } from "../../support/world.ts";
import { freshMachine, packOnce } from "./machine.ts";

packOnce();

interface CheckJson {
  readonly name: string;
  readonly level: string;
  readonly detail: string;
  readonly mend: string | null;
  readonly fixed: string | null;
}

// What the doctor may take in all, the start of Node and a busy machine included.
const LIMIT_MS = 20_000;

withCodex("rest", (version) => {
  test("a machine that is well is reported as it is", async () => {
    await using world = await createWorld({ script: [], version });
    const { checks } = await doctor(world);
    expect(checks.filter(({ level }) => level === "fail")).toEqual([]);
    expect(checks).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ name: "codex_version", level: "ok", detail: version }),
        expect.objectContaining({ name: "login", level: "ok" }),
        expect.objectContaining({ name: "sandbox", level: "ok" }),
      ]),
    );
    expect(await world.processes()).toEqual([]);
  });
});

test.for([
  { name: "no login", config: 'model_provider = "openai"', failing: "login" },
  { name: "a configuration that cannot be read", config: "[broken", failing: "codex_config" },
])("with $name the check fails and says the fix", async ({ config, failing }) => {
  await using world = await createWorld({ script: [], config });
  const { code, checks } = await doctor(world);
  expect(code).toBe(1);
  const failed = checks.find(({ name }) => name === failing);
  expect(failed).toMatchObject({ level: "fail", mend: expect.stringMatching(/\w/) });
});

test("without a Codex it says how to install one", async () => {
  await using world = await createWorld({ script: [] });
  const { code, checks } = await doctor(world, { ASK_CODEX_COMMAND: "/nowhere/codex" });
  expect(code).toBe(1);
  expect(checks).toContainEqual(expect.objectContaining({ name: "codex", level: "fail" }));
});

inMatrix(() => {
  test.for([
    { name: "never answers", program: "#!/bin/sh\nexec sleep 600.31\n" },
    { name: "is not a Codex", program: "#!/bin/sh\necho hello\n" },
  ])("a Codex that $name takes no longer than the doctor has", async ({ program }) => {
    await using world = await createWorld({ script: [] });
    const path = join(world.home, "codex");
    await writeFile(path, program);
    await chmod(path, 0o755);
    const { code, checks, durationMs } = await doctor(world, { ASK_CODEX_COMMAND: path });
    expect(code).toBe(1);
    expect(checks.filter(({ level }) => level === "fail").map(({ name }) => name)).toEqual(["codex_version"]);
    expect(durationMs).toBeLessThan(LIMIT_MS);
    expect(await world.processes()).toEqual([]);
  });
});

test("with a state folder that cannot be one, each check that needs it fails and the others are made", async () => {
  await using world = await createWorld({ script: [] });
  const file = join(world.home, "file");
  await writeFile(file, "");
  const { code, checks } = await doctor(world, { ASK_CODEX_HOME: file });
  expect(code).toBe(1);
  expect(checks.filter(({ level }) => level === "fail").map(({ name }) => name)).toEqual(["state", "holds", "kept"]);
  expect(checks).toContainEqual(expect.objectContaining({ name: "processes", level: "ok" }));
});

test("inside another sandbox it warns", async () => {
  await using world = await createWorld({ script: [] });
  const { checks } = await doctor(world, { CODEX_SANDBOX_NETWORK_DISABLED: "1" });
  expect(checks).toContainEqual(expect.objectContaining({ name: "nesting", level: "warn" }));
});

inMatrix(() => {
  test.each([
    ["on PATH", {}],
    ["named with arguments", { ASK_CODEX_CLAUDE: "claude --wrapped" }],
  ])("Claude Code's version is told when there is one %s", async (_where, env) => {
    await using world = await createWorld({ script: [] });
    await writeFile(join(world.home, "claude"), "#!/bin/sh\necho '2.1.329 (Claude Code)'\n");
    await chmod(join(world.home, "claude"), 0o755);
    const { checks } = await doctor(world, { PATH: `${world.home}:${world.env["PATH"]}`, ...env });
    expect(checks).toContainEqual(
      expect.objectContaining({ name: "claude", level: "ok", detail: "2.1.329, no login seen" }),
    );
  });
});

test("with --fix a lost file is back and the state folder closed, and it says so", async () => {
  await using world = await createWorld({ script: [] });
  await using folder = await tempFolder();
  const machine = await freshMachine(world, folder.path);
  await machine.setup("install");
  const state = join(world.home, ".local", "state", "ask-codex");
  await mkdir(state, { recursive: true });
  await chmod(state, 0o755);
  await rm(join(machine.skill, "SKILL.md"));
  const looked = await machine.installed("ask-codex", "doctor");
  expect(looked).toMatchObject({ code: 1, keys: { skill: expect.stringMatching(/^fail .*SKILL\.md/) } });
  expect(looked.keys["state"]).toMatch(/^warn/);
  const fixed = await machine.setup("doctor", "--fix");
  expect(fixed).toMatchObject({ code: 0, keys: { skill: expect.stringMatching(/^ok .*fixed/) } });
  await stat(join(machine.skill, "SKILL.md"));
  expect((await stat(state)).mode & 0o777).toBe(0o700);
});

async function doctor(world: World, env: Readonly<Record<string, string>> = {}) {
  const { code, stdout, durationMs } = await ask(world, ["doctor", "--json"], { program: SETUP, env });
  const { checks } = JSON.parse(stdout) as { checks: readonly CheckJson[] };
  return { code, checks, durationMs };
}
