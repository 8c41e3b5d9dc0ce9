import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { CAN_BE_ANOTHER_USER, startSshMachine } from "../../support/machine/sshd.ts";
import { batch, obedient, repositoryFacts, taskLines } from "../../support/model/batches.ts";
import { toldTo } from "../../support/model/wire.ts";
import { createWorld } from "../../support/world.ts";

const FILES = { "a.txt": "a\n", "b.txt": "b\n", ".gitignore": "set-up\n" };

test("tasks run on a machine behind ssh as another user, are checked there and judged again here; nothing stays there", async () => {
  let told = "";
  const tools: unknown[] = [];
  const server = 'require("fs").writeFileSync(process.env.HOME + "/mcp-was-here", "")';
  await using world = await createWorld({
    files: FILES,
    script: (request) => {
      told += toldTo(request).join("\n");
      tools.push(...(request.body.tools ?? []).map(({ name }) => name));
      return obedient(request);
    },
    config: `[mcp_servers.files]\ncommand = "node"\nargs = ["-e", '${server}']\n`,
  });
  await using box = await startSshMachine(world, { anotherUser: CAN_BE_ANOTHER_USER });
  const before = await repositoryFacts(world);
  const tasks = [
    {
      id: "one",
      prompt: "RUN: pwd > where.txt; echo $HOME >> where.txt; env > env.txt; rm b.txt; printf '\\0\\1' > it.bin",
      read: ["a.txt"],
    },
    {
      id: "two",
      prompt: "RUN: cat where.txt set-up > two.txt",
      after: ["one"],
      verify_cmd: `grep -q "my tasks" two.txt && pwd | grep -q "my tasks" && [ "$ASK_CODEX_SLOT" = 0 ] && echo "it's" '"all"' there`,
    },
    { id: "bad", prompt: "RUN: echo x > x.txt", verify_cmd: "pwd | grep -q 'my tasks' && exit 3", verify_rounds: 0 },
    { id: "look", prompt: "RUN: echo no > no.txt", sandbox: "read-only" },
    { id: "wide", prompt: "RUN: echo x > wide.txt", files: ["narrow.txt"] },
    { id: "left", prompt: "RUN: echo left > a.txt" },
    { id: "right", prompt: "RUN: echo right > a.txt\nAGAIN: echo both > a.txt" },
  ];
  const check = "pwd | grep 'my tasks' && grep both a.txt && grep 'my tasks' set-up";
  const flags = ["--on", "box", "--parallel", "1", "--setup", "pwd > set-up", "--check", check];
  const ended = await batch({ ...world, env: { ...world.env, OPENAI_API_KEY: "sk-secret" } }, { tasks }, flags);

  expect(taskLines(ended), ended.stderr).toEqual({
    one: "status=completed files=4 applied=yes",
    two: "status=completed files=1 applied=yes",
    bad: expect.stringContaining("status=validation_failed"),
    look: "status=completed files=0 applied=yes",
    wide: expect.stringContaining("status=contract_violation"),
    left: "status=completed files=1 applied=yes",
    right: "status=completed files=1 applied=yes",
  });
  const text = (name: string) => readFile(join(world.workspace, name), "utf8");
  expect([await text("a.txt"), await text("two.txt")]).toEqual(["both\n", expect.stringContaining(box.folder)]);
  expect(await text("env.txt")).not.toContain("sk-secret");
  // What the model hears and what is reported is of one machine each.
  const runs = JSON.parse(await readFile(join(ended.keys.output_path ?? "", "..", "result.json"), "utf8"));
  const [one] = runs.tasks;
  const run = JSON.parse(await readFile(join(one.result.output_path, "..", "result.json"), "utf8"));
  expect(run.commands[0].cwd).toBe(run.receipt.workspace);
  expect(told).toContain(`- ${box.folder}/${one.result.run_id}/tree/a.txt (exists)`);
  expect(tools).not.toContain("mcp__files");

  expect(await readdir(world.home)).not.toContain("mcp-was-here");
  expect([await readdir(box.folder), await readdir(box.home)]).toEqual([[], ["my tasks"]]);
  expect(await box.processes()).toEqual([]);
  const after = await repositoryFacts(world);
  expect({ ...after, "status --porcelain": "" }).toEqual({ ...before, "status --porcelain": "" });
});

test("what a machine lacks, or that it cannot be reached, is said before anything starts; what stays here is named", async () => {
  await using world = await createWorld({ files: FILES, script: obedient });
  await using _old = await startSshMachine(world, { name: "old", version: "0.150.0" });
  await using box = await startSshMachine(world);
  await writeFile(join(world.workspace, "mine.txt"), "");
  const tasks = [{ id: "one", prompt: "RUN: cat mine.txt a.txt > got.txt" }];
  const refused = async (names: string) => {
    const { code, stderr } = await batch(world, { tasks }, ["--on", names]);
    return [code, stderr];
  };
  expect(await refused("old")).toEqual([1, expect.stringContaining("has no exec-server with --ws-auth")]);
  expect(await refused("other")).toEqual([1, expect.stringContaining("no machine called other")]);
  expect(await refused("box,")).toEqual([1, expect.stringContaining("commas")]);
  const named = await batch(world, { tasks, on: "box" });
  expect([named.code, named.stderr]).toEqual([1, expect.stringContaining("on")]);

  await using away = await startSshMachine(world, { name: "away" });
  await away.stop();
  expect(await refused("away")).toEqual([1, expect.stringContaining("the machine away cannot be reached")]);
  // Another machine takes what it cannot.
  const ended = await batch(world, { tasks }, ["--on", "away,box"]);
  expect([ended.code, ended.stderr]).toEqual([0, expect.stringContaining("not on the machines: 1 untracked file")]);
  expect(await readFile(join(world.workspace, "got.txt"), "utf8")).toBe("a\n");
  expect(await readdir(box.folder)).toEqual([]);
});
