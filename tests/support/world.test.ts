import { spawn } from "node:child_process";
import { once } from "node:events";
import { access, readFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";
import { codexBin } from "./codex.ts";
import { git } from "./git/git.ts";
import { withNode } from "./machine/nodes.ts";
import { run, say } from "./model/replies.ts";
import { withCodex } from "./suite.ts";
import { createWorld, type World } from "./world.ts";

withCodex("rest", (version) => {
  test("Codex runs a command and answers, offline, in a world of its own", async () => {
    await using world = await createWorld({
      version,
      script: [run("cat notes/a.txt"), say("All done.")],
      files: { "notes/a.txt": "seen\n" },
    });
    const { stdout } = await execa(codexBin(version), ["exec", "--json", "what do the notes say?"], {
      cwd: world.workspace,
      env: world.env,
      extendEnv: false,
      stdin: "ignore",
    });
    expect(stdout).toContain('"aggregated_output":"seen\\n"');
    expect(stdout).toContain('"text":"All done."');
    expect(world.model.requests).toHaveLength(2);
  });
});

withNode("further", ({ path, version }) => {
  test("there is one", async () => {
    expect((await execa(path, ["--version"])).stdout).toBe(`v${version}`);
  });
});

test("the workspace is a repository with its files committed, or a plain folder when asked", async () => {
  await using repository = await createWorld({ script: [], files: { "a/b.txt": "b\n" } });
  expect(await git(repository.workspace, "status", "--porcelain")).toBe("");
  expect(await git(repository.workspace, "ls-files")).toBe("a/b.txt");
  await using plain = await createWorld({ script: [], git: false });
  await expect(access(join(plain.workspace, ".git"))).rejects.toThrow("ENOENT");
});

test("a top-level key of the test's own configuration takes the place of ours", async () => {
  await using world = await createWorld({ script: [], config: 'model = "other"\n[features]\nmodel = true' });
  const config = await readFile(join(world.codexHome, "config.toml"), "utf8");
  expect(config.match(/^model = .*/gm)).toEqual(['model = "other"', "model = true"]);
  expect(config).toMatch(
    /\[features\]\n.*\n.*\nmodel = true\n\[analytics\]\n.*\n\[skills.bundled\]\n.*\n\n\[model_providers/,
  );
});

test("Codex does nothing beside the task, unless a test wants it as users have it", async () => {
  const features = async (world: World) =>
    (await execa(codexBin(), ["features", "list"], { env: world.env, extendEnv: false })).stdout.match(
      /^(?:plugins|shell_snapshot) .*(?:true|false)$/gm,
    );
  await using few = await createWorld({ script: [], config: "[features]\ngoals = true" });
  await using usual = await createWorld({ script: [], features: "default" });
  expect(await features(few)).toEqual([expect.stringMatching(/false$/), expect.stringMatching(/false$/)]);
  expect(await features(usual)).toEqual([expect.stringMatching(/true$/), expect.stringMatching(/true$/)]);
});

test("a process that is left in a world is ended, and fails the test that left it", async () => {
  const world = await createWorld({ script: [], graceMs: 500 });
  const child = spawn("sleep", ["600"], { cwd: world.workspace, env: world.env, stdio: "ignore", detached: true });
  const ended = once(child, "exit");
  expect(await world.processes()).toEqual([{ pid: child.pid, command: "sleep 600" }]);
  await expect(world[Symbol.asyncDispose]()).rejects.toThrow(/left with processes:\n {2}\d+ sleep 600/);
  expect((await ended)[1]).toBe("SIGKILL");
  await expect(access(world.workspace)).rejects.toThrow("ENOENT");
});
