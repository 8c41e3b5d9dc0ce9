import { mkdir, rename, rmdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { brokerIn } from "../../support/broker.ts";
import { run, say, silence } from "../../support/model/replies.ts";
import { tasksIn } from "../../support/model/wire.ts";
import { payloadsOf } from "../../support/session-results.ts";
import { inMatrix } from "../../support/suite.ts";
import { untilGone, untilRunning } from "../../support/until.ts";
import { createWorld, type World } from "../../support/world.ts";

describe("--steer", () => {
  test("puts a message into the running turn: the model's next request has it", async () => {
    await using world = await createWorld({ script: [run(untilThere("go")), say("Other.")] });
    await using broker = brokerIn(world);
    const id = await broker.start("Begin");
    await world.model.asked(1);
    const steered = await broker("send", id, "--steer", "Do the other thing\n");
    expect(steered).toMatchObject({ code: 0, keys: { queued: "true", delivered: "steered", pending_count: "1" } });
    await create(world, "go");
    expect(await broker("wait", id)).toMatchObject({ code: 0, keys: { pending_count: "0" } });
    expect(tasksIn(world.model.requests[1])).toEqual(["Begin", "Do the other thing\n"]);
    expect(await payloadsOf(broker, id, "run_started")).toHaveLength(1);
    expect(world.model.requests).toHaveLength(2);
  });

  test("comes too late for a turn that has just ended: it says so, and runs as the next one", async () => {
    await using world = await createWorld({ script: () => say("Well.") });
    await using broker = brokerIn(world);
    const id = await broker.start("Begin", "--verify-cmd", untilThere("go"));
    await using log = broker.begin("logs", id, "--follow");
    await log.stdoutLine("checking");
    expect((await broker("send", id, "--steer", "Late")).keys).toMatchObject({
      delivered: "queued",
      pending_count: "2",
    });
    await create(world, "go");
    expect(await broker("wait", id)).toMatchObject({ code: 0 });
    const idle = await broker("send", id, "--steer", "Later", "--wait");
    expect(idle).toMatchObject({ code: 0, keys: { delivered: "started", last_run_status: "completed" } });
    expect(tasksIn(world.model.requests.at(-1))).toEqual(["Begin", "Late", "Later"]);
  });

  inMatrix(() => {
    test("is refused where nothing is that it could be put into: nothing is queued", async () => {
      await using world = await createWorld({ script: () => say("Well.") });
      await using broker = brokerIn(world);
      const id = await broker.start("Begin", "--linger", "0", "--wait");
      await untilGone(world);
      for (const stop of [false, true]) {
        if (stop) await broker("stop", id);
        const refused = await broker("send", id, "--steer", "Too late");
        expect(refused).toMatchObject({ code: 1, stdout: "" });
        expect(refused.stderr).toBe(
          `[ERROR] Nothing runs in session ${id} that could be steered. Send it without --steer.\n`,
        );
      }
      expect((await broker("status", id)).keys).toMatchObject({ pending_count: "0", worker: "none" });
    });
  });
});

describe("--interrupt", () => {
  test("stops the turn with its command, keeps the thread, and goes before what waits", async () => {
    const script = (request: Parameters<typeof tasksIn>[0]) =>
      tasksIn(request).length === 1 ? run("sleep 600.31 & sleep 600.32") : say("Well.");
    await using world = await createWorld({ script });
    await using broker = brokerIn(world);
    const id = await broker.start("Begin");
    const sleeps = [await untilRunning(world, "sleep 600.31"), await untilRunning(world, "sleep 600.32")];
    expect((await broker("send", id, "Afterwards")).keys).toMatchObject({ delivered: "queued", pending_count: "2" });
    const sent = await broker("send", id, "--interrupt", "Now");
    expect(sent).toMatchObject({ code: 0, keys: { delivered: "queued", pending_count: "3" } });
    expect(await broker("wait", id)).toMatchObject({ code: 0, keys: { last_run_status: "completed" } });
    const left = (await world.processes()).filter(({ pid }) => sleeps.some((sleep) => sleep.pid === pid));
    expect(left).toEqual([]);
    expect(tasksIn(world.model.requests.at(-1))).toEqual(["Begin", "Now", "Afterwards"]);
    const finished = await payloadsOf(broker, id, "run_finished");
    expect(finished).toMatchObject([
      { status: "interrupted", exit_code: 130 },
      { status: "completed" },
      { status: "completed" },
    ]);
    expect(await payloadsOf(broker, id, "thread_opened")).toHaveLength(1);
  });

  inMatrix(() => {
    test("of several, the last one goes first; and an idle session just runs it", async () => {
      const script = (request: Parameters<typeof tasksIn>[0]) =>
        tasksIn(request).at(-1)?.startsWith("Stay") ? silence() : say("Well.");
      await using world = await createWorld({ script });
      await using broker = brokerIn(world);
      const id = await broker.start("Begin", "--wait");
      expect((await broker("send", id, "--interrupt", "Stay 1")).keys).toMatchObject({ delivered: "started" });
      await world.model.asked(2);
      await broker("send", id, "--interrupt", "Stay 2");
      await world.model.asked(3);
      await broker("send", id, "--interrupt", "Done");
      expect(await broker("wait", id)).toMatchObject({ code: 0 });
      expect(tasksIn(world.model.requests.at(-1))).toEqual(["Begin", "Stay 1", "Stay 2", "Done"]);
    });
  });
});

describe("--key", () => {
  test("makes the same message of two: it runs once, whatever has become of it and of the worker", async () => {
    await using world = await createWorld({ script: [run(untilThere("go")), ...Array(3).fill(say("Well."))] });
    await using broker = brokerIn(world);
    const id = await broker.start("Begin");
    await world.model.asked(1);
    const send = async (...flags: readonly string[]) =>
      (await broker("send", id, "--key", "k/1 ü", "Once", ...flags)).keys;
    const first = await send();
    expect(first).toMatchObject({ delivered: "queued", pending_count: "2" });
    const again = { delivered: "duplicate", message_id: first["message_id"] };
    expect(await send()).toMatchObject({ ...again, pending_count: "2" });
    await create(world, "go");
    await broker("wait", id);
    expect(await send("--wait")).toMatchObject({ ...again, pending_count: "0", last_run_status: "completed" });
    await broker("stop", id);
    expect(await send()).toMatchObject(again);
    expect((await broker("send", id, "--key", "k/2", "Twice", "--wait")).keys).toMatchObject({ delivered: "queued" });
    expect(await send()).toMatchObject(again);
    expect(tasksIn(world.model.requests.at(-1))).toEqual(["Begin", "Once", "Twice"]);
  });

  inMatrix(() => {
    test("holds for those that come at the same moment", async () => {
      await using world = await createWorld({ script: () => say("Well.") });
      await using broker = brokerIn(world);
      const id = await broker.start("Begin");
      const sent = await Promise.all(Array.from({ length: 6 }, () => broker("send", id, "--key", "k", "Once")));
      expect(sent.map(({ code }) => code)).toEqual(Array(6).fill(0));
      expect(await broker("wait", id)).toMatchObject({ code: 0, keys: { pending_count: "0" } });
      expect(tasksIn(world.model.requests.at(-1))).toEqual(["Begin", "Once"]);
    });
  });
});

inMatrix(() => {
  test("ten send at once: everything runs once, and each one's messages in the order they were sent", async () => {
    await using world = await createWorld({ script: () => say("Well.") });
    await using broker = brokerIn(world);
    const id = await broker.start("Begin");
    const senders = Array.from({ length: 10 }, (_, sender) => [`${sender}a`, `${sender}b`]);
    const sent = await Promise.all(
      senders.map(async ([one = "", other = ""]) => [await broker("send", id, one), await broker("send", id, other)]),
    );
    for (const { code, keys, stderr } of sent.flat()) {
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      expect(["started", "queued"]).toContain(keys["delivered"]);
    }
    expect(await broker("wait", id)).toMatchObject({
      code: 0,
      keys: { pending_count: "0", last_run_status: "completed" },
    });
    const ran = (await payloadsOf(broker, id, "run_started")).map(({ message }) => String(message));
    expect([...ran].sort()).toEqual(["Begin", ...senders.flat()].sort());
    for (const own of senders) expect(ran.filter((message) => own.includes(message))).toEqual(own);
    expect(tasksIn(world.model.requests.at(-1))).toEqual(ran);
  });

  test("a message that no worker can be launched for is not taken: sent again, it runs once", async () => {
    await using world = await createWorld({ script: () => say("Well.") });
    await using broker = brokerIn(world);
    const id = await broker.start("Begin", "--linger", "0", "--wait");
    await untilGone(world);
    const log = join(broker.folder(id), "worker.log");
    await rename(log, `${log}.before`);
    await mkdir(log);
    const refused = await broker("send", id, "More");
    expect(refused).toMatchObject({ code: 1, stdout: expect.not.stringContaining("queued") });
    expect(refused.stderr).toContain("is a folder, not a plain file");
    expect((await broker("status", id)).keys).toMatchObject({ status: "waiting_input", pending_count: "0" });
    await rmdir(log);
    expect(await broker("send", id, "More", "--wait")).toMatchObject({ code: 0, keys: { pending_count: "0" } });
    expect((await payloadsOf(broker, id, "run_started")).map(({ message }) => message)).toEqual(["Begin", "More"]);
  });
});

/** A command that waits until the test has made a file. */
function untilThere(name: string): string {
  return `until [ -e ${name} ]; do sleep 0.05; done`;
}

async function create(world: World, name: string): Promise<void> {
  await writeFile(join(world.workspace, name), "");
}

test("a text alone is for the one session of the work tree; what may be a slip in an id or a name is no text", async () => {
  await using world = await createWorld({ script: () => say("Well.") });
  await using broker = brokerIn(world);
  const none = await broker("send", "hello");
  expect(none).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/session: hello. This work tree has no session/),
  });
  const id = await broker.start("--name", "bee", "--read-only", "Begin", "--wait");
  expect(await broker("send", "hello", "--wait")).toMatchObject({ code: 0, keys: { broker_id: id } });
  expect(await broker("send", "--wait", "--", "-x is odd")).toMatchObject({ code: 0, keys: { broker_id: id } });
  expect(tasksIn(world.model.requests.at(-1))).toEqual(["Begin", "hello", "-x is odd"]);
  expect((await broker("answer", "Yes.")).stderr).toContain("Nothing is asked in this session.");
  expect((await broker("deny", "no")).stderr).toContain("Nothing waits for approval in this session.");
  for (const args of [[`${id.slice(0, 12)}9`], ["2026"], ["@wasp"], ["bee"], ["hello", "--task", "Go on"]])
    expect(await broker("send", ...args), args[0]).toMatchObject({ code: 1, stdout: "" });
  expect((await broker("send", "bee")).stderr).toContain("The session of that name is @bee");
  const other = await broker.start("--read-only", "Begin", "--wait");
  const several = await broker("send", "hello");
  expect(several).toMatchObject({ code: 1, stderr: expect.stringMatching(/session: hello. This work tree has 2: /) });
  expect(several.stderr).toContain(other);
  expect(world.model.requests).toHaveLength(4);
});
