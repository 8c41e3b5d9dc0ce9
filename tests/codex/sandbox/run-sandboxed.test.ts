import { existsSync, mkdirSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { CodexCommand } from "../../../src/codex/find-codex.ts";
import { runSandboxed } from "../../../src/codex/sandbox/run-sandboxed.ts";
import type { CheckOptions } from "../../../src/process/run-check.ts";
import { codexBin } from "../../support/codex.ts";
import { withCodex } from "../../support/suite.ts";
import { NEWEST } from "../../support/versions.ts";
import { createWorld, type World } from "../../support/world.ts";

const SILENT = { script: [] };

function codexIn(version: string = NEWEST): CodexCommand {
  return { program: codexBin(version), args: [], pathAdditions: [] };
}

function inside(world: World, more: Partial<CheckOptions> = {}): CheckOptions {
  return {
    cwd: world.workspace,
    env: world.env,
    limitMs: 120_000,
    outputPath: join(world.home, "check.log"),
    signal: new AbortController().signal,
    ...more,
  };
}

// Each writes where a user's own shell could; what says so in the end is what was possible.
const TRIES = [
  "touch in-workspace && echo workspace",
  "touch .git/hooks/post-commit && echo hook",
  "git tag evil && echo tag",
  'touch "$HOME/at-home" && echo home',
  'touch "$ASK_CODEX_HOME/state" && echo state',
  `node -e 'require("net").createServer().on("error", () => {}).listen(0, () => { console.log("network"); process.exit() })'`,
  'test "$PATH" = "$OUTER_PATH" && echo path',
].join("; ");

withCodex("rest", (version) => {
  test("a check may write in its folder alone, without a network, by the caller's PATH", async () => {
    // All that the user's configuration may say of the sandbox, at its widest.
    const config =
      'sandbox_mode = "danger-full-access"\n[sandbox_workspace_write]\nnetwork_access = true\nwritable_roots = ["/"]';
    await using world = await createWorld({ ...SILENT, version, config });
    mkdirSync(world.state, { recursive: true });
    const env = { ...world.env, OUTER_PATH: world.env["PATH"] ?? "" };
    const run = await runSandboxed(codexIn(version), `(${TRIES}) 2>/dev/null; exit 7`, inside(world, { env }));
    expect(run).toMatchObject({ exitCode: 7, timedOut: false, outputTail: "workspace\npath\n" });
    expect(existsSync(join(world.workspace, "in-workspace"))).toBe(true);
  });
});

test("a sandbox that does not start is not the command's failure", async () => {
  await using world = await createWorld({ ...SILENT, config: "no toml at all" });
  await expect(runSandboxed(codexIn(), "true", inside(world))).rejects.toThrow(
    /its sandbox did not start: (?:.|\n)*config/,
  );
});

test("a check that is ended leaves no process behind", async () => {
  await using world = await createWorld(SILENT);
  const run = await runSandboxed(codexIn(), "setsid sleep 600 & sleep 600", inside(world, { limitMs: 2_000 }));
  expect(run).toMatchObject({ exitCode: null, timedOut: true });
  expect(await world.processes()).toEqual([]);
});

test("without a Codex the check runs as it is", async () => {
  await using world = await createWorld(SILENT);
  await writeFile(join(world.home, "there"), "");
  const run = await runSandboxed(null, 'touch "$HOME/here" && ls "$HOME"', inside(world));
  expect(run.outputTail).toContain("here\n");
  expect(await readFile(join(world.home, "check.log"), "utf8")).toBe(run.outputTail);
});
