import { existsSync } from "node:fs";
import { copyFile, cp, mkdir, open, rm, stat, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ask } from "../../support/ask.ts";
import { codexBin } from "../../support/codex.ts";
import { install } from "../../support/machine/install.ts";
import { say } from "../../support/model/replies.ts";
import { ROOT } from "../../support/paths.ts";
import { inMatrix, withCases, withCodex } from "../../support/suite.ts";
import { createWorld } from "../../support/world.ts";

const PROGRAMS = join(ROOT, "tests", "e2e", "ask", "programs");

withCodex("rest", (version) => {
  test.for([
    { name: "without a login", home: "new", config: "", kind: "auth" },
    { name: "with a broken configuration", home: "broken", config: "model = = 3\n", kind: "config" },
    { name: "with a provider that is not there", home: "odd", config: 'model_provider = "none"\n', kind: "config" },
    { name: "with a home that does not exist", home: "none", config: null, kind: "config" },
  ])("$name is found out before the model is asked", async ({ home, config, kind }) => {
    await using world = await createWorld({ version, git: false, script: () => say("Never.") });
    const CODEX_HOME = join(world.home, home);
    if (config !== null) {
      await mkdir(CODEX_HOME);
      await writeFile(join(CODEX_HOME, "config.toml"), config);
    }
    const failed = await ask(world, ["hello"], { env: { CODEX_HOME } });
    expect(failed).toMatchObject({ code: 3, keys: { status: "fatal", error_kind: kind } });
    expect(failed.report).toContain(`${kind}: `);
    expect(world.model.requests).toEqual([]);
  });
});

test.for([
  { name: "is not there", command: "/no/such/codex", kind: "codex_missing" },
  { name: "cannot be run", command: join(ROOT, "package.json"), kind: "codex_missing" },
  { name: "is a folder", command: ROOT, kind: "codex_missing" },
  { name: "ends at once", command: "true", kind: "codex_incompatible" },
  { name: "fails at once", command: "false", kind: "codex_incompatible" },
  { name: "sends back what it is told", command: join(PROGRAMS, "echo"), kind: "codex_incompatible" },
  { name: "closes its stdout and stays", command: join(PROGRAMS, "hang-up"), kind: "codex_incompatible" },
])("a program that $name is not a Codex", async ({ command, kind }) => {
  await using world = await createWorld({ git: false, script: [] });
  const failed = await ask(world, ["hello"], { env: { ASK_CODEX_COMMAND: command } });
  expect(failed).toMatchObject({ code: 3, keys: { status: "fatal", error_kind: kind } });
  expect(failed.report).toContain(`${kind}: `);
  expect(await world.processes()).toEqual([]);
});

inMatrix(() => {
  test("a session whose Codex does not start is named all the same, and goes on with one that does", async () => {
    await using world = await createWorld({ git: false, script: [say("Begun."), say("Gone on.")] });
    const { session_id = "" } = (await ask(world, ["begin"])).keys;
    const go = ["--session", session_id, "go on"];
    const failed = await ask(world, ["--json", ...go], { env: { ASK_CODEX_COMMAND: "false" } });
    expect(failed).toMatchObject({
      code: 3,
      json: { session_id, status: "fatal", error: { kind: "codex_incompatible" } },
    });
    expect(await ask(world, go)).toMatchObject({ code: 0, keys: { session_id, status: "completed" } });
  });
});

test("a Codex that is too old is refused, and the version that is needed is named", async () => {
  await install("@openai/codex", "0.140.0");
  await using world = await createWorld({ version: "0.140.0", git: false, script: [] });
  const failed = await ask(world, ["hello"]);
  expect(failed).toMatchObject({ code: 3, keys: { status: "fatal", error_kind: "codex_incompatible" } });
  expect(failed.stderr).toContain("0.140.0");
  expect(failed.stderr).toContain("0.150.0");
  expect(world.model.requests).toEqual([]);
});

// These folders are looked through on any machine; only one without a Codex there can show what happens then.
const installed = ["/usr/local/bin", "/opt/homebrew/bin", "/home/linuxbrew/.linuxbrew/bin", "/usr/bin"].some((folder) =>
  existsSync(join(folder, "codex")),
);

inMatrix(() => {
  test.skipIf(installed).for([
    { name: "a PATH without Codex", path: "/usr/bin:/bin" },
    { name: "this package's own dev dependency on PATH", path: join(codexBin(), "..") },
    { name: "a PATH that is empty", path: "" },
  ])("with $name, Codex is missing", async ({ path }) => {
    await using world = await createWorld({ git: false, script: [] });
    const env = { ASK_CODEX_COMMAND: undefined, PATH: path };
    const failed = await ask(world, ["hello"], { env, node: process.execPath });
    expect(failed).toMatchObject({ code: 3, keys: { status: "fatal", error_kind: "codex_missing" } });
    expect(failed.stderr).toContain("npm install -g @openai/codex");
  });
});

test("a package that is written over while Codex starts ends the run, and Codex with it", async () => {
  await using world = await createWorld({ git: false, script: [] });
  const scripts = join(world.home, "scripts");
  await cp(join(ROOT, "scripts"), scripts, { recursive: true });
  const env = {
    WRITTEN_OVER: join(scripts, "parts"),
    NODE_OPTIONS: `--require=${JSON.stringify(join(PROGRAMS, "write-over.cjs"))}`,
  };
  // At once, and in the middle of what is loaded then.
  for (const how of [{ AFTER: "0" }, { AFTER: "1" }, { AFTER: "0", TO: "20000" }]) {
    await copyFile(join(ROOT, "scripts", "parts"), env.WRITTEN_OVER);
    const failed = await ask(world, ["hello"], { program: join(scripts, "ask_codex"), env: { ...env, ...how } });
    expect(failed).toMatchObject({ code: 1, keys: { error_kind: "internal" } });
    expect(failed.stderr).toContain("was written over while it was in use: start again");
    expect(await world.processes()).toEqual([]);
  }
});

/** What may have happened to the file with the modules. */
const DAMAGES = {
  gone: (path: string) => rm(path),
  empty: (path: string) => truncate(path),
  "cut short": (path: string) => truncate(path, 20_000),
  "cut in the middle": async (path: string) => truncate(path, Math.floor((await stat(path)).size / 2)),
  "one letter short": async (path: string) => truncate(path, (await stat(path)).size - 1),
  "of another build": async (path: string) => overwrite(path, 0, (await stat(path)).size, "x"),
  altered: async (path: string) => overwrite(path, 64, (await stat(path)).size - 64, "}"),
  "full of zeros": async (path: string) => overwrite(path, 64, (await stat(path)).size - 64, "\0"),
};

withCases<keyof typeof DAMAGES>(
  { change: ["cut short", "altered"], matrix: Object.keys(DAMAGES) as (keyof typeof DAMAGES)[] },
  (cases) => {
    test.for(cases)(
      "a package whose parts are %s says so and does nothing, whichever program it is",
      async (damage) => {
        await using world = await createWorld({ git: false, script: [] });
        const scripts = join(world.home, "scripts");
        await cp(join(ROOT, "scripts"), scripts, { recursive: true });
        const path = join(scripts, "parts");
        await DAMAGES[damage](path);
        const stderr = `[ERROR] ${path} is damaged. Install ask-codex again.\n`;
        for (const [program, ...args] of [
          ["ask_codex", "hello"],
          ["codex_broker", "list"],
          ["ask-codex", "doctor"],
        ])
          expect(await ask(world, args, { program: join(scripts, program ?? "") })).toMatchObject({
            ...{ code: 3, stdout: "", stderr },
          });
      },
    );
  },
);

async function overwrite(path: string, from: number, length: number, letter: string): Promise<void> {
  const file = await open(path, "r+");
  await file.write(Buffer.alloc(length, letter), 0, length, from).finally(() => file.close());
}
