import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { ask } from "../../support/ask.ts";
import { createWorld } from "../../support/world.ts";

const PROJECT = ".ask-codex/config.yaml";

test("flags win over variables, these over the project's file, which only narrows, and it over the user's", async () => {
  await using world = await createWorld({
    script: [],
    files: { "sub/a": "", [PROJECT]: "timeout: 2h\nidle_timeout: 30\n" },
  });
  const own = join(world.home, ".config", "ask-codex", "config.yaml");
  await mkdir(dirname(own), { recursive: true });
  await writeFile(
    own,
    "timeout: 20m\nidle_timeout: 60\nmodel: a-model\nreasoning: high\nsandbox: read-only\nbatch: {copy: [.env]}\n",
  );
  const cwd = join(world.workspace, "sub");
  const dry = async (...args: readonly string[]) =>
    (await ask(world, ["--dry-run", ...args, "Do it"], { cwd, env: { ASK_CODEX_MODEL: "of-env" } })).keys;
  const usual = { timeout: "1200s", idle_timeout: "30s", model: "of-env", reasoning: "high", sandbox: "read-only" };
  expect(await dry()).toMatchObject(usual);
  expect(await dry("--timeout", "5", "--model", "x", "--full-auto")).toMatchObject({
    ...{ timeout: "5s", model: "x", sandbox: "workspace-write" },
  });
  // A role has a sandbox and an effort of its own.
  expect(await dry("--role", "writer")).toMatchObject({ sandbox: "workspace-write", model: "of-env" });

  const shown = await ask(world, ["config"], { cwd });
  const project = join(world.workspace, PROJECT);
  expect(shown.keys).toMatchObject({
    timeout: `20m (${own})`,
    idle_timeout: `30 (${project})`,
    model: `a-model (${own})`,
  });
  expect(shown.stderr).toContain(`Files: ${own}, ${project}`);

  for (const [file, text, says] of [
    [project, "model: theirs", "model cannot be set there"],
    [project, "verify_cmd: rm -rf /", "verify_cmd cannot be set there"],
    [project, "sandbox: workspace-write", "sandbox cannot be set there"],
    [own, "network: true", "network cannot be set there"],
    [own, "sandbox: danger-full-access", "sandbox can only be read-only or workspace-write there"],
    [own, "timeout: soon", "timeout is not a time"],
    [own, "batch: {coppy: [.env]}", "batch.coppy cannot be set there"],
    [own, "batch: {copy: [../.env]}", "batch.copy[0] must be a path below the work tree"],
    [own, "model: 5", "model must be a text"],
    [own, "- model", "the whole of it must be keys and values"],
    [own, "{", "cannot be read"],
  ] as const) {
    await writeFile(project, "");
    await writeFile(own, "");
    await writeFile(file, text);
    const refused = await ask(world, ["Do it"], { cwd });
    expect(refused).toMatchObject({ code: 1, stdout: "" });
    expect(refused.stderr).toContain(says);
  }
});
