import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ask, startAsk } from "../../support/ask.ts";
import { startRedis } from "../../support/machine/redis.ts";
import { batch, obedient, repositoryFacts, startBatch, taskLines } from "../../support/model/batches.ts";
import { silence } from "../../support/model/replies.ts";
import { SETUP } from "../../support/programs.ts";
import { inMatrix } from "../../support/suite.ts";
import { createWorld, type World } from "../../support/world.ts";
import { fleetIn, listed } from "./fleet.ts";

const FILES = { "a.txt": "a\n", "b.txt": "b\n" };

const read = (world: World, path: string) => readFile(join(world.workspace, path), "utf8");

test("a diamond of tasks is carried out by two workers, and comes into the work tree in one step", async () => {
  await using redis = await startRedis();
  await using world = await createWorld({ files: FILES, script: obedient });
  const { queue, worker, state } = await fleetIn(world, redis);
  const policy = join(world.home, "policy.yaml");
  await writeFile(policy, "commands: [grep -q two b.txt]\n");
  const before = await repositoryFacts(world);
  const tasks = [
    { id: "top", prompt: "RUN: echo top > top.txt" },
    { id: "left", prompt: "RUN: cat top.txt > left.txt", after: ["top"] },
    { id: "right", prompt: "RUN: echo two > b.txt", after: ["top"], files: ["b.txt"], verify_cmd: "grep -q two b.txt" },
    { id: "sum", prompt: "RUN: cat left.txt b.txt > sum.txt", after: ["left", "right"] },
    { id: "beyond", prompt: "RUN: echo x > x.txt", files: ["y.txt"] },
    { id: "barred", prompt: "RUN: true", verify_cmd: "curl example.org" },
  ];
  const metrics = join(world.home, "metrics.ndjson");
  await using asking = startBatch(world, { tasks }, [...queue, "--metrics", metrics]);
  // One that has no login gives its task back, and leaves.
  const env = { ASK_CODEX_HOME: state("bare"), CODEX_HOME: join(world.home, "bare") };
  await mkdir(env.CODEX_HOME);
  await using bare = startAsk(world, ["worker", ...queue], { program: SETUP, cwd: world.home, env });
  const left = await bare.done;
  expect([left.code, left.stderr]).toEqual([3, expect.stringContaining("auth: Codex is not logged in")]);
  await using one = worker("one", "--policy", policy, "--slots", "2");
  await using two = worker("two", "--policy", policy);
  const ended = await asking.done;
  expect(JSON.parse(await readFile(metrics, "utf8"))).toMatchObject({
    ...{
      tasks: 6,
      clean: 4,
      running: 0,
      waiting: 0,
      not_clean: 2,
      workers: 2,
      slots: 3,
      leased: 0,
      offered: 7,
      lost: 1,
    },
  });
  expect(ended.stderr).not.toContain("[ERROR]");
  expect(taskLines(ended)).toEqual({
    top: "status=completed files=1 applied=yes",
    left: "status=completed files=1 applied=yes",
    right: "status=completed files=1 applied=yes",
    sum: "status=completed files=1 applied=yes",
    beyond: "status=contract_violation files=1 applied=no",
    barred: "status=failed files=0 applied=no",
  });
  expect(await read(world, "sum.txt")).toBe("top\ntwo\n");
  expect(ended.stderr).toContain("it runs the command curl example.org, which this worker does not allow");
  expect(ended.report).toContain("4/6 clean");
  expect(await repositoryFacts(world)).toEqual({
    ...before,
    "status --porcelain": " M b.txt\n?? left.txt\n?? sum.txt\n?? top.txt",
  });
  for (const running of [one, two]) running.child.kill("SIGTERM");
  const figures = [await one.done, await two.done].map(({ stdout }) =>
    JSON.parse(stdout.trim().split("\n").at(-1) ?? ""),
  );
  expect(figures.reduce((sum, { done }) => sum + done, 0)).toBe(5);
  expect(await redis.keys()).toEqual([]);
  for (const name of ["one", "two", "bare"])
    for (const kind of [join("fleet", "workers"), "worktrees"])
      expect(await listed(join(state(name), kind))).toEqual([]);
});

inMatrix(() => {
  test("a batch whose coordinator was killed goes on at another machine, with what was done already", async () => {
    await using redis = await startRedis();
    await using world = await createWorld({ files: FILES, script: obedient });
    const { queue, worker } = await fleetIn(world, redis);
    const plan = join(world.home, "plan.json");
    const tasks = [
      { id: "one", prompt: "RUN: echo one > a.txt" },
      { id: "two", prompt: "RUN: cat a.txt a.txt > b.txt", after: ["one"] },
    ];
    await writeFile(plan, JSON.stringify({ tasks }));
    await using first = startAsk(world, ["batch", plan, ...queue, "--label", "other"]);
    await using there = worker("one", "--label", "other");
    await first.stderrLine(/one: completed/);
    there.child.kill("SIGTERM");
    first.child.kill("SIGKILL");
    await Promise.all([first.done, there.done]);
    const id = /batch (\S+):/.exec((await first.done).stderr)?.[1] ?? "";

    const elsewhere = { env: { ASK_CODEX_HOME: join(world.home, "machines", "elsewhere") } };
    await using again = startAsk(world, ["batch", "--resume", id, ...queue, "--label", "other"], elsewhere);
    await using later = worker("two", "--label", "other");
    const ended = await again.done;
    expect(taskLines(ended)).toEqual({
      one: "status=completed files=1 applied=yes",
      two: "status=completed files=1 applied=yes",
    });
    expect(await read(world, "b.txt")).toBe("one\none\n");
    const asked = world.model.requests.filter(({ body }) => JSON.stringify(body.input).includes("echo one > a.txt"));
    expect(asked.length).toBeGreaterThan(0);
    later.child.kill("SIGTERM");
    await later.done;
    expect(await redis.keys()).toEqual([]);
  });
});

inMatrix(() => {
  test("what a killed worker left of its task goes when the next one begins on that machine", async () => {
    await using redis = await startRedis();
    await using world = await createWorld({ files: FILES, script: () => silence() });
    const { queue, worker } = await fleetIn(world, redis);
    const plan = join(world.home, "plan.json");
    await writeFile(plan, JSON.stringify({ tasks: [{ id: "one", prompt: "Wait." }] }));
    await using coordinator = startAsk(world, ["batch", plan, ...queue]);
    await using killed = worker("one");
    await world.model.asked(1);
    killed.child.kill("SIGKILL");
    coordinator.child.kill("SIGINT");
    await Promise.all([killed.done, coordinator.done]);
    await using next = worker("one");
    await next.stderrLine(/takes tasks/);
    const state = join(world.home, "machines", "one");
    expect(await listed(join(state, "fleet", "workers"))).toHaveLength(1);
    expect(await listed(join(state, "worktrees"))).toEqual([]);
    next.child.kill("SIGTERM");
    await next.done;
  });
});

inMatrix(() => {
  test("a worker without a key, a queue that is not there, and a batch with ignored files to copy are refused in words", async () => {
    await using redis = await startRedis();
    await using world = await createWorld({ files: FILES, script: obedient });
    const { queue } = await fleetIn(world, redis);
    await mkdir(join(world.home, "plans"), { recursive: true });
    const run = (...words: string[]) => ask(world, words, { program: SETUP });
    expect(await run("worker", "--queue", redis.url)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("--queue-key is missing"),
    });
    expect(await run("worker", ...queue.slice(2))).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("--queue is missing"),
    });
    const nowhere = await run("worker", "--queue", "redis://127.0.0.1:1", ...queue.slice(2));
    expect([nowhere.code, nowhere.stderr]).toEqual([3, expect.stringContaining("redis://127.0.0.1:1 cannot be used")]);
    const away = await batch(world, { tasks: [{ id: "a", prompt: "RUN: true" }] }, [
      ...["--queue", "redis://127.0.0.1:1", ...queue.slice(2)],
    ]);
    expect([away.code, away.stderr]).toEqual([3, expect.stringContaining("redis://127.0.0.1:1 cannot be used")]);
    const copied = await batch(world, { tasks: [{ id: "a", prompt: "RUN: true" }] }, [
      ...queue,
      "--copy",
      "node_modules",
    ]);
    expect([copied.code, copied.stderr]).toEqual([1, expect.stringContaining("ignored files do not travel")]);
    const plan = { tasks: [{ id: "a", prompt: "RUN: true" }] };
    for (const [flags, why] of [
      [queue.slice(0, 2), "--queue-key is missing"],
      [queue.slice(2), "--queue is missing"],
      [["--queue", "http://localhost", ...queue.slice(2)], "address must be redis://"],
      [["--label", "gpu"], "--queue is missing"],
      [[...queue, "--worktree", "never"], "--worktree never is for this machine"],
      [["--parallel", "21"], "--parallel takes 1 to 20 on one machine"],
      [[...queue, "--parallel", "1001"], "--parallel takes 1 to 1000"],
    ] as const)
      expect((await batch(world, plan, flags)).stderr).toMatch(new RegExp(`^\\[ERROR\\].*${why}`));
    expect(await listed(join(world.state, "batches"))).toEqual([]);

    // One that began over a queue goes on here without it.
    await using asking = startBatch(world, { tasks: [{ id: "a", prompt: "RUN: echo b > a.txt" }] }, queue);
    await asking.stderrLine("no worker is on the queue yet");
    asking.child.kill("SIGINT");
    const stopped = await asking.done;
    expect(stopped.stderr).toContain("up to 100 at once");
    const here = await ask(world, ["batch", "--resume", stopped.keys["batch_id"] ?? ""]);
    expect([here.code, here.stderr]).toEqual([0, expect.stringContaining("1 task, up to 3 at once")]);
    expect(here.stderr).toContain("it began over a queue, and goes on on this machine");
  });
});
