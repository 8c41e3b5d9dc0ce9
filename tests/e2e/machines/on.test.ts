import { appendFile, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";
import { codexBin } from "../../support/codex.ts";
import { CAN_BE_ANOTHER_USER, startSshMachine } from "../../support/machine/sshd.ts";
import { batch, obedient, repositoryFacts, taskLines } from "../../support/model/batches.ts";
import { calls } from "../../support/model/replies.ts";
import { toldTo } from "../../support/model/wire.ts";
import { inMatrix, withCases } from "../../support/suite.ts";
import { NEWEST } from "../../support/versions.ts";
import { createWorld, type World } from "../../support/world.ts";

const FILES = { "a.txt": "a\n", "b.txt": "b\n", ".gitignore": "set-up\n" };

inMatrix(() => {
  test("tasks run on a machine behind ssh as another user, are checked there and judged again here; nothing stays there", async () => {
    let told = "";
    const tools: unknown[] = [];
    const server = 'require("fs").writeFileSync(process.env.HOME + "/mcp-was-here", "")';
    const hook = `[[hooks.PreToolUse]]\n[[hooks.PreToolUse.hooks]]\ntype = "command"\ncommand = 'touch "$HOME/hook-was-here"'\n`;
    await using world = await createWorld({
      files: FILES,
      script: (request) => {
        told += toldTo(request).join("\n") + JSON.stringify(request.body.input.at(-1));
        tools.push(...(request.body.tools ?? []).map(({ name }) => name));
        const stray = toldTo(request).at(-1)?.includes("STRAY") && request.body.input.at(-1)?.type === "message";
        return stray
          ? calls({ name: "exec_command", args: { cmd: "touch x", environment_id: "local" } })
          : obedient(request);
      },
      config: `[mcp_servers.files]\ncommand = "node"\nargs = ["-e", '${server}']\n${hook}`,
    });
    await trustHooks(world);
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
      // One that goes where its thread was not sent.
      { id: "bad", prompt: "STRAY", verify_cmd: "pwd | grep -q 'my tasks' && exit 3", verify_rounds: 0 },
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
    expect(told).toContain("unknown turn environment id `local`");
    expect(tools).not.toContain("mcp__files");

    const here = await readdir(world.home);
    expect(here.filter((name) => name.endsWith("-was-here"))).toEqual([]);
    expect([await readdir(box.folder), await readdir(box.home)]).toEqual([[], ["my tasks"]]);
    expect(await box.processes()).toEqual([]);
    const after = await repositoryFacts(world);
    expect({ ...after, "status --porcelain": "" }).toEqual({ ...before, "status --porcelain": "" });
  });
});

inMatrix(() => {
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
});

/** Who works where: a Codex here by an exec-server, or the machine's own; "" is a task that is done. */
const VERSIONS = [
  { here: "0.169.0", there: "0.169.0", login: "here", error: "" },
  { here: "0.169.0", there: NEWEST, login: "here", error: "" },
  { here: NEWEST, there: "0.169.0", login: "here", error: "" },
  { here: NEWEST, there: "0.160.1", login: "here", error: "" },
  { here: "0.160.1", there: NEWEST, login: "here", error: "" },
  {
    here: "0.150.0",
    there: NEWEST,
    login: "here",
    error: "codex_incompatible: this Codex cannot work on another machine",
  },
  { here: NEWEST, there: "0.150.0", login: "here", error: "has no exec-server with --ws-auth" },
  { here: NEWEST, there: "0.169.0", login: "own", error: "" },
  { here: NEWEST, there: "0.160.1", login: "own", error: "" },
  { here: NEWEST, there: "0.150.0", login: "own", error: "" },
] as const;

withCases({ change: [], matrix: VERSIONS }, (cases) => {
  test.each(cases)(
    "Codex $here here and $there there, with a login $login: $error",
    async ({ here, there, login, error }) => {
      await using world = await createWorld({ files: FILES, script: obedient, version: here });
      await using box = await startSshMachine(world, { version: there, ownLogin: login === "own" });
      const ended = await batch(world, { tasks: [{ id: "one", prompt: "RUN: pwd > where.txt" }] }, ["--on", "box"]);
      expect(ended.stderr).toContain(error);
      expect(ended.code === 0).toBe(error === "");
      if (error === "") expect(await readFile(join(world.workspace, "where.txt"), "utf8")).toContain(box.folder);
      expect([await readdir(box.folder), await box.processes(1_000)]).toEqual([[], []]);
    },
  );
});

/** As the user does after a look at them: Codex runs no others. */
async function trustHooks({ env, codexHome, workspace }: World): Promise<void> {
  const hello = { clientInfo: { name: "test", title: null, version: "0" }, capabilities: { experimentalApi: true } };
  const server = execa({ env, extendEnv: false, lines: true })(codexBin(), ["app-server"]);
  const ask = (message: object) => server.stdin.write(`${JSON.stringify(message)}\n`);
  ask({ id: 1, method: "initialize", params: hello });
  ask({ method: "initialized" });
  ask({ id: 2, method: "hooks/list", params: { cwds: [workspace] } });
  for await (const line of server) {
    const { id, result } = JSON.parse(line);
    if (id !== 2) continue;
    for (const { key, currentHash } of result.data[0].hooks)
      await appendFile(
        join(codexHome, "config.toml"),
        `[hooks.state.${JSON.stringify(key)}]\ntrusted_hash = "${currentHash}"\n`,
      );
    server.stdin.end();
  }
}
