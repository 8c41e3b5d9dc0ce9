import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";
import { ask } from "../../support/ask.ts";
import { say } from "../../support/model/replies.ts";
import { startRegistry } from "../../support/release/registry.ts";
import { packRelease, unpackRelease } from "../../support/release/release.ts";
import { inMatrix } from "../../support/suite.ts";
import { tempFolder } from "../../support/temp-folder.ts";
import { createWorld } from "../../support/world.ts";

inMatrix(() => {
  test("npx installs, looks after and removes the skill, as the documents call it; what npx fetched may go meanwhile", async () => {
    await using world = await createWorld({ script: [say("Looked.")] });
    await using folder = await tempFolder();
    const packed = await packRelease(folder.path);
    await using registry = await startRegistry(packed, await unpackRelease(packed, folder.path));
    const npx = async (cache: string, ...args: readonly string[]) => {
      const env = { ...world.env, ...registry.env, npm_config_cache: join(folder.path, cache) };
      const options = { cwd: world.workspace, env, extendEnv: false, reject: false, stdin: "ignore" } as const;
      return await execa("npx", ["--yes", ...args], options);
    };
    const installed = await npx("one", "ask-codex", "install", "--allow");
    expect(installed).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^status=installed$/m) });
    const program = join(world.home, ".claude", "skills", "ask-codex", "scripts", "ask_codex");
    expect(await ask(world, ["--read-only", "Look."], { program })).toMatchObject({
      code: 0,
      keys: { status: "completed" },
    });
    const again = await npx("two", "ask-codex@latest", "install");
    expect(again).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^status=current$/m) });
    const looked = await npx("two", "ask-codex", "doctor");
    expect(looked.stdout).toMatch(/^skill=ok /m);
    expect(looked.stdout).toMatch(/^permission=ok /m);
    expect(await npx("two", "ask-codex", "uninstall")).toMatchObject({ exitCode: 0 });
    expect(await readdir(world.home)).toEqual([".codex"]);
    expect(registry.others).toEqual([]);
  });
});
