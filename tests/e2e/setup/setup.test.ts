import { access, cp, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { run, say, silence } from "../../support/model/replies.ts";
import { inMatrix } from "../../support/suite.ts";
import { tempFolder } from "../../support/temp-folder.ts";
import { until, untilGone } from "../../support/until.ts";
import { createWorld } from "../../support/world.ts";
import { freshMachine, makeOlder, packOnce } from "./machine.ts";

packOnce();

test("a fresh machine: installed from the release, used, looked after, and removed without a trace", async () => {
  await using world = await createWorld({ script: [run("echo done > made.txt"), say("It is made.")] });
  await using folder = await tempFolder();
  const machine = await freshMachine(world, folder.path);
  expect(await machine.setup("install", "--allow")).toMatchObject({ code: 0, keys: { status: "installed" } });
  expect(await readdir(machine.skill)).toEqual(
    expect.arrayContaining(["SKILL.md", "references", "scripts", "LICENSE"]),
  );

  const asked = await machine.installed("ask_codex", "--sandbox", "workspace-write", "Make made.txt");
  expect(asked).toMatchObject({ code: 0, keys: { status: "completed", files_changed: "1" } });
  expect(asked.report).toContain("It is made.");
  expect(await readFile(join(world.workspace, "made.txt"), "utf8")).toBe("done\n");

  const looked = await machine.installed("ask-codex", "doctor");
  expect(looked.stdout).not.toMatch(/^\w+=fail/m);
  expect(looked).toMatchObject({ code: 0, keys: { status: "completed", skill: expect.stringMatching(/^ok/) } });
  expect(looked.keys).toMatchObject({
    codex_version: expect.stringMatching(/^ok/),
    permission: expect.stringMatching(/^ok/),
  });
  // What is there otherwise is Codex's own.
  expect((await readdir(world.temp)).filter((name) => name.startsWith("ask-codex"))).toEqual([]);

  expect(await machine.setup("uninstall")).toMatchObject({
    code: 0,
    keys: { status: "removed", state: join(world.home, ".local", "state", "ask-codex") },
  });
  expect((await readdir(world.home)).sort()).toEqual([".codex", ".local"]);
  await access(asked.keys.output_path ?? "");
});

inMatrix(() => {
  test("an update in the middle of a session's turn leaves the session as it is", async () => {
    await using world = await createWorld({ script: [silence(), say("Second.")] });
    await using folder = await tempFolder();
    const machine = await freshMachine(world, folder.path);
    await machine.setup("install");
    await makeOlder(machine.skill);
    const started = await machine.installed("codex_broker", "start", "Begin");
    const id = started.keys["broker_id"] ?? "";
    try {
      await until(async () => (world.model.requests.length > 0 ? true : undefined));
      const updated = await machine.setup("install");
      expect(updated).toMatchObject({ code: 0, keys: { status: "updated", previous_version: "0.0.9" } });
      const removing = await machine.setup("uninstall", "--dry-run");
      expect(removing.keys["worker"]).toContain(id);
      const sent = await machine.installed("codex_broker", "send", id, "Go on", "--interrupt", "--wait");
      expect(sent).toMatchObject({ code: 0, keys: { last_run_status: "completed" } });
      expect(await machine.installed("codex_broker", "summary", id)).toMatchObject({
        stdout: expect.stringContaining("Second."),
      });
    } finally {
      await machine.installed("codex_broker", "stop", id);
    }
    await untilGone(world);
  });
});

inMatrix(() => {
  test("an older install is updated in place: edits are kept and named, old files go, nothing else is left", async () => {
    await using world = await createWorld({ script: [] });
    await using folder = await tempFolder();
    const machine = await freshMachine(world, folder.path);
    await machine.setup("install");
    await makeOlder(machine.skill);
    await writeFile(join(machine.skill, "README.md"), "mine\n");
    const looked = await machine.setup("doctor");
    expect(looked.keys["skill"]).toMatch(/^warn .*0\.0\.9/);
    const kept = join(machine.skill, "README.md.edited");
    expect(await machine.setup("install")).toMatchObject({ code: 0, keys: { status: "updated", kept } });
    expect(await readFile(kept, "utf8")).toBe("mine\n");
    expect(await readFile(join(machine.skill, "SKILL.md"), "utf8")).toContain("name: ask-codex");
    expect(await readdir(join(machine.skill, "references"))).not.toContain("gone.md");
    expect(await machine.setup("uninstall")).toMatchObject({ code: 0, keys: { kept } });
    expect(await readdir(machine.skill)).toEqual([".ask-codex.json", "README.md.edited"]);
  });
});

inMatrix(() => {
  test("in a project the skill goes to its .claude folder, and the rules to the settings that are not shared", async () => {
    await using world = await createWorld({ script: [] });
    await using folder = await tempFolder();
    const machine = await freshMachine(world, folder.path);
    const skill = join(world.workspace, ".claude", "skills", "ask-codex");
    expect(await machine.setup("install", "--project", "--allow")).toMatchObject({ code: 0, keys: { skill } });
    const settings = JSON.parse(await readFile(join(world.workspace, ".claude", "settings.local.json"), "utf8"));
    // The workspace has a blank in its name.
    expect(settings.permissions.allow).toContain(`Bash("${join(skill, "scripts", "ask_codex")}" *)`);
    expect((await machine.setup("doctor")).keys["project_skill"]).toMatch(/^ok/);
    expect(await readdir(world.home)).not.toContain(".claude");
    expect(await machine.setup("uninstall", "--project")).toMatchObject({ code: 0 });
    expect(await readdir(world.workspace)).not.toContain(".claude");
  });

  test("CLAUDE_CONFIG_DIR takes the place of ~/.claude", async () => {
    await using world = await createWorld({ script: [] });
    await using folder = await tempFolder();
    const config = join(folder.path, "config");
    const machine = (await freshMachine(world, folder.path)).with({ env: { CLAUDE_CONFIG_DIR: config } });
    expect(await machine.setup("install", "--allow")).toMatchObject({ code: 0 });
    expect((await readdir(config)).sort()).toEqual(["settings.json", "skills"]);
    expect(await readdir(world.home)).toEqual([".codex"]);
    expect(await machine.setup("uninstall")).toMatchObject({ code: 0 });
    expect(await readdir(folder.path)).not.toContain("config");
  });

  test("a release that was copied by hand says what it is, and is taken over by install, with nothing of its own lost", async () => {
    await using world = await createWorld({ script: [say("Done.")] });
    await using folder = await tempFolder();
    const machine = await freshMachine(world, folder.path);
    await cp(join(folder.path, "package"), machine.skill, { recursive: true });
    expect(await machine.installed("ask_codex", "--read-only", "Look.")).toMatchObject({ code: 0 });
    await writeFile(join(machine.skill, "README.md"), "mine\n");
    for (const run of [machine.setup, (...args: readonly string[]) => machine.installed("ask-codex", ...args)]) {
      const looked = await run("doctor");
      expect(looked).toMatchObject({ code: 0, keys: { skill: expect.stringMatching(/^warn .*by hand/) } });
    }
    const itself = await machine.installed("ask-codex", "install");
    expect(itself).toMatchObject({ code: 0, stderr: expect.stringContaining("nothing to copy") });
    await rm(join(machine.skill, "references", "batch.md"));
    const lost = await machine.installed("ask-codex", "install");
    expect(lost).toMatchObject({ code: 1, stderr: expect.stringContaining("references/batch.md is missing") });
    expect(await machine.setup("uninstall")).toMatchObject({ code: 1, stderr: expect.stringContaining("by hand") });
    const kept = join(machine.skill, "README.md.edited");
    const plan = await machine.setup("install", "--dry-run");
    expect(plan).toMatchObject({ code: 0, keys: { status: "would_be_adopted", kept } });
    expect(await machine.setup("install")).toMatchObject({ code: 0, keys: { status: "adopted", kept } });
    expect(await readFile(kept, "utf8")).toBe("mine\n");
    expect(await readdir(machine.skill)).not.toContain(".claude-plugin");
    expect((await machine.setup("doctor")).keys["skill"]).toMatch(/^ok/);
    expect(await machine.setup("uninstall")).toMatchObject({ code: 0, keys: { kept } });
    expect(await readdir(machine.skill)).toEqual([".ask-codex.json", "README.md.edited"]);
  });
});

test("called from the installed copy, install says so", async () => {
  await using world = await createWorld({ script: [] });
  await using folder = await tempFolder();
  const machine = await freshMachine(world, folder.path);
  await machine.setup("install");
  const again = await machine.installed("ask-codex", "install", "--allow");
  expect(again).toMatchObject({ code: 0, keys: { status: "current", rules_added: "8" } });
  expect(again.stderr).toContain("installed copy itself");
  await truncate(join(machine.skill, "references", "invocation.md"));
  const damaged = await machine.installed("ask-codex", "install");
  expect(damaged).toMatchObject({ code: 1, stdout: "" });
  expect(damaged.stderr).toContain("itself, and references/invocation.md is damaged. Run");
  expect(await machine.setup("install")).toMatchObject({ code: 0, keys: { status: "updated" } });
  expect(await machine.installed("ask-codex", "uninstall")).toMatchObject({ code: 0, keys: { status: "removed" } });
  expect(await readdir(world.home)).not.toContain(".claude");
});
