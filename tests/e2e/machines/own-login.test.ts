import { appendFile, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { atWork, machineLine, nothingThere, FILES as ONE_FILE, pidsOf } from "../../support/machine/at-work.ts";
import { CAN_BE_ANOTHER_USER, startSshMachine } from "../../support/machine/sshd.ts";
import { batch, obedient, repositoryFacts, taskLines } from "../../support/model/batches.ts";
import { http } from "../../support/model/replies.ts";
import { inMatrix } from "../../support/suite.ts";
import { createWorld } from "../../support/world.ts";

test("the Codex of a machine works there with a login of its own, as another user, and without one here; it is judged again here", async () => {
  await using world = await createWorld({ files: { ...ONE_FILE, "b.txt": "b\n" }, script: obedient });
  await using box = await startSshMachine(world, { ownLogin: true, anotherUser: CAN_BE_ANOTHER_USER });
  await rm(join(world.codexHome, "config.toml"));
  const before = await repositoryFacts(world);
  const tasks = [
    { id: "one", prompt: "RUN: pwd > where.txt; echo $HOME >> where.txt; env > env.txt; rm b.txt", read: ["a.txt"] },
    { id: "look", prompt: "RUN: echo no > no.txt", sandbox: "read-only" },
    { id: "left", prompt: "RUN: echo left > a.txt" },
    { id: "right", prompt: "RUN: echo right > a.txt\nAGAIN: echo both > a.txt" },
  ];
  const ended = await batch({ ...world, env: { ...world.env, OPENAI_API_KEY: "sk-secret" } }, { tasks }, [
    "--on",
    "box",
    "--parallel",
    "2",
  ]);
  expect(taskLines(ended), ended.stderr).toEqual({
    one: "status=completed files=3 applied=yes",
    look: "status=completed files=0 applied=yes",
    left: "status=completed files=1 applied=yes",
    right: "status=completed files=1 applied=yes",
  });
  const text = (name: string) => readFile(join(world.workspace, name), "utf8");
  expect([await text("a.txt"), await text("where.txt")]).toEqual(["both\n", expect.stringContaining(box.home)]);
  expect(await text("env.txt")).not.toContain("sk-secret");
  const whole = JSON.parse(await readFile(join(ended.keys.output_path ?? "", "..", "result.json"), "utf8"));
  const [one] = whole.tasks;
  const run = JSON.parse(await readFile(join(one.result.output_path, "..", "result.json"), "utf8"));
  expect([run.commands[0].cwd, run.receipt.codex_program]).toEqual([
    run.receipt.workspace,
    expect.stringContaining("codex on box"),
  ]);
  // Codex's own record of the thread is over there, and here: it proves the sandbox of the run that only read.
  expect(run.receipt.rollout).toContain(one.result.run_id);
  expect(await readFile(run.receipt.rollout, "utf8")).toContain('"turn_context"');

  expect([await readdir(box.folder), (await readdir(box.home)).sort()]).toEqual([[], [".codex", "my tasks"]]);
  expect(await box.processes()).toEqual([]);
  const after = await repositoryFacts(world);
  expect({ ...after, "status --porcelain": "" }).toEqual({ ...before, "status --porcelain": "" });
});

inMatrix(() => {
  test("a Codex with a login of its own that ends in the middle is lost; where the coordinator is killed, the machine clears up by itself", async () => {
    await using world = await createWorld({ files: ONE_FILE, script: obedient });
    await using box = await startSshMachine(world, { ownLogin: true });
    await using asking = await atWork(world, box);
    expect(await machineLine(world)).toBe("box task=long state=running");
    for (const pid of await pidsOf(box, "app-server")) process.kill(pid, "SIGKILL");
    const ended = await asking.done;
    expect(ended.stderr).toContain("the machine box was lost while the task ran; what ran there is ended");
    expect(taskLines(ended)).toEqual({ long: expect.stringContaining("status=failed ") });
    expect(await machineLine(world)).toBe("box task=long state=lost");
    await nothingThere(box);

    await using killed = await atWork(world, box);
    for (const pid of await pidsOf(box, "app-server")) process.kill(pid, "SIGSTOP");
    killed.child.kill("SIGKILL");
    await nothingThere(box);
  });

  test("a machine whose Codex has no login is refused before anything starts; one that loses it later gives its tasks to another", async () => {
    const asked: unknown[] = [];
    await using world = await createWorld({
      files: ONE_FILE,
      script: (request) => {
        asked.push(request.headers["x-box"]);
        return request.headers["x-box"] === "first" ? http(401) : obedient(request);
      },
    });
    await using first = await startSshMachine(world, { name: "first", ownLogin: true });
    await appendFile(join(first.home, ".codex", "config.toml"), '\nhttp_headers = { "x-box" = "first" }\n');
    await using second = await startSshMachine(world, { name: "second", ownLogin: true });
    await using bare = await startSshMachine(world, { name: "bare", ownLogin: true });
    await rm(join(bare.home, ".codex", "config.toml"));
    const tasks = ["one", "two", "three"].map((id) => ({ id, prompt: `RUN: echo ${id} > ${id}.txt` }));
    const refused = await batch(world, { tasks }, ["--on", "second,bare"]);
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining("its Codex is not logged in")]);
    expect(asked).toEqual([]);
    const ended = await batch(world, { tasks }, ["--on", "first,second", "--parallel", "1"]);
    expect(ended.stderr).toContain("the machine first gets no more tasks (auth: ");
    expect([ended.code, Object.values(taskLines(ended))]).toEqual([
      0,
      Array(3).fill("status=completed files=1 applied=yes"),
    ]);
    expect(asked.filter((box) => box === "first").length).toBe(1);
    for (const box of [first, second, bare]) expect(await readdir(box.folder)).toEqual([]);
  });
});
