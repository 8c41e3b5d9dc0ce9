import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { brokerIn } from "../../support/broker.ts";
import { ask as askUser, http, say, silence } from "../../support/model/replies.ts";
import { tasksIn } from "../../support/model/wire.ts";
import { inMatrix } from "../../support/suite.ts";
import { createWorld, type World } from "../../support/world.ts";
import { untilThere } from "./long-command.ts";

const QUESTION = { id: "q", header: "Q", question: "Which?", options: [{ label: "a", description: "A" }] };

/** What the model answers depends on the task, so that several sessions can be asked for at once. */
async function worldOfMany(): Promise<World> {
  return createWorld({
    script: (request) => {
      const task = tasksIn(request).at(-1) ?? "";
      const outputs = request.body.input.some(({ type }) => type === "function_call_output");
      if (task === "Fail") return http(401);
      if (task === "Hang") return silence();
      if (task === "Ask") return askUser(QUESTION);
      if (task === "Hold" && !outputs) return untilThere("go");
      return say("Well.");
    },
  });
}

const SHARED = "--allow-shared-worktree";

test("wait exits like the last run of the session; with several, like the first that did not go well", async () => {
  await using world = await worldOfMany();
  await using broker = brokerIn(world);
  const start = (task: string) => broker.start(SHARED, task);
  const [good, failing, asking, also] = [
    await start("Good"),
    await start("Fail"),
    await start("Ask"),
    await start("Good"),
  ];
  for (const [id, code] of [
    [good, 0],
    [failing, 3],
    [asking, 4],
  ] as const)
    expect((await broker("wait", id)).code).toBe(code);
  expect((await broker("wait", good, also)).code).toBe(0);
  const several = await broker("wait", good, asking, failing, good);
  expect(several.code).toBe(4);
  expect(several.stdout.match(/^broker_id=.*/gm)).toEqual([good, asking, failing].map((id) => `broker_id=${id}`));
  expect((await broker("wait", failing.slice(0, -1), good)).code).toBe(3);
});

inMatrix(() => {
  test("wait is woken by the end of the work, also by one that began to wait before another message came", async () => {
    await using world = await worldOfMany();
    await using broker = brokerIn(world);
    const id = await broker.start("Hold");
    await using one = broker.begin("wait", id);
    await using other = broker.begin("wait", id, "--timeout", "0");
    await world.model.asked(1);
    await broker("send", id, "More");
    await writeFile(join(world.workspace, "go"), "");
    for (const waiting of [one, other])
      expect(await waiting.done).toMatchObject({ code: 0, keys: { status: "waiting_input", pending_count: "0" } });
    expect(world.model.requests).toHaveLength(3);
  });
});

inMatrix(() => {
  test("--any comes back with the first that settles, the others still running", async () => {
    await using world = await worldOfMany();
    await using broker = brokerIn(world);
    const hanging = await broker.start(SHARED, "Hang");
    const holding = await broker.start(SHARED, "Hold");
    await using waiting = broker.begin("wait", "--any", hanging, holding);
    await world.model.asked(2);
    await writeFile(join(world.workspace, "go"), "");
    const ended = await waiting.done;
    expect(ended).toMatchObject({ code: 0, stderr: "" });
    expect(ended.stdout.match(/^status=.*/gm)).toEqual(["status=running", "status=waiting_input"]);
    const failing = await broker.start(SHARED, "Fail");
    expect((await broker("wait", "--any", hanging, failing)).code).toBe(3);
  });
});

test("a slice that ends first is not a failure: status=running, and exit 0; with --strict exit 2", async () => {
  await using world = await worldOfMany();
  await using broker = brokerIn(world);
  const id = await broker.start(SHARED, "Hang");
  const good = await broker.start(SHARED, "Good");
  await world.model.asked(2);
  const [slice, strict, any] = await Promise.all([
    broker("wait", id, "--timeout", "1"),
    broker("wait", good, id, "--timeout", "1", "--strict"),
    broker("wait", id, "--any", "--timeout", "1", "--strict"),
  ]);
  expect(slice).toMatchObject({ code: 0, keys: { status: "running", worker: "alive" } });
  expect(strict).toMatchObject({ code: 2, keys: { status: "running" } });
  expect(any).toMatchObject({ code: 2 });
});

inMatrix(() => {
  test("wait on a session that is stopped, or whose worker has left, comes back at once", async () => {
    await using world = await worldOfMany();
    await using broker = brokerIn(world);
    const id = await broker.start("--linger", "0", "Fail");
    expect(await broker("wait", id)).toMatchObject({ code: 3, keys: { status: "attention_required" } });
    await broker("stop", id);
    expect(await broker("wait", id)).toMatchObject({ code: 3, keys: { status: "stopped", worker: "none" } });
  });
});

test("the one session of a work tree needs no id, and wait ends with its answer behind a mark", async () => {
  await using world = await worldOfMany();
  await using broker = brokerIn(world);
  expect((await broker("wait")).stderr).toContain("This work tree has no session");
  const id = await broker.start("--name", "one", SHARED, "Good");
  const cwd = join(world.workspace, "sub");
  await mkdir(cwd);
  const waited = await broker.with({ cwd }, "wait");
  expect(waited).toMatchObject({ code: 0, keys: { broker_id: id } });
  expect(waited.stdout).toMatch(/\n\| Well\.\n$/);
  expect((await broker.with({ cwd }, "wait", "@one", "--no-answer")).stdout).not.toContain("| Well.");
  expect((await broker("send", id, "Good", "--wait")).stdout).toMatch(/\n\| Well\.\n$/);
  await broker.start("--name", "two", SHARED, "Good");
  const several = await broker.with({ cwd }, "wait");
  expect(several).toMatchObject({ code: 1 });
  expect(several.stderr).toContain("This work tree has 2: @two, @one");
  expect((await broker("wait", "@tow")).stderr).toContain("The nearest names: @two, @one.");
});
