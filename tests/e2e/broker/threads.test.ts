import { describe, expect, test } from "vitest";
import { ask, startAsk } from "../../support/ask.ts";
import { brokerIn } from "../../support/broker.ts";
import { say, silence } from "../../support/model/replies.ts";
import { tasksIn } from "../../support/model/wire.ts";
import { inMatrix } from "../../support/suite.ts";
import { until } from "../../support/until.ts";
import { createWorld } from "../../support/world.ts";

describe("ask_codex on the thread of a session", () => {
  test("gets it from an idle worker; the next message knows what was said meanwhile", async () => {
    await using world = await createWorld({ script: () => say("Well.") });
    await using broker = brokerIn(world);
    const id = await broker.start("--name", "x", "Begin", "--wait");
    const { session_id = "", worker_pid } = await broker.state(id);
    const asked = await ask(world, ["--session", session_id ?? "", "Between"]);
    expect(asked).toMatchObject({ code: 0, keys: { session_id, status: "completed" } });
    const sent = await broker("send", id, "Go on", "--wait");
    expect(sent).toMatchObject({ code: 0, keys: { session_id, last_run_status: "completed" } });
    expect((await broker.state(id)).worker_pid).toBe(worker_pid);
    expect(tasksIn(world.model.requests.at(-1))).toEqual(["Begin", "Between", "Go on"]);
    expect(await ask(world, ["--session", "@x", "Again"])).toMatchObject({ code: 0, keys: { session_id } });
  });

  inMatrix(() => {
    test("is refused while the session works, and told how to go about it; nothing of the turn is lost", async () => {
      await using world = await createWorld({ script: [say("1"), silence(), say("3")] });
      await using broker = brokerIn(world);
      const id = await broker.start("Begin", "--wait");
      const { session_id = "" } = await broker.state(id);
      await broker("send", id, "Take your time");
      await world.model.asked(2);
      const refused = await ask(world, ["--session", session_id ?? "", "Me too"]);
      expect(refused).toMatchObject({ code: 1, keys: { status: "failed", error_kind: "session_busy" } });
      expect(refused.stderr).toContain(`codex_broker send ${id}`);
      expect((await broker("status", id)).keys).toMatchObject({ status: "running" });
      await broker("send", id, "--interrupt", "Done?");
      expect(await broker("wait", id)).toMatchObject({ code: 0 });
      expect(tasksIn(world.model.requests.at(-1))).toEqual(["Begin", "Take your time", "Done?"]);
    });
  });
});

test("a message waits while ask_codex works in the thread, and then runs", async () => {
  await using world = await createWorld({ script: [say("1"), silence(), say("3")] });
  await using broker = brokerIn(world);
  const id = await broker.start("Begin", "--wait");
  const { session_id = "" } = await broker.state(id);
  await using asking = startAsk(world, ["--session", session_id ?? "", "Take your time"]);
  await world.model.asked(2);
  expect((await broker("send", id, "Then")).keys).toMatchObject({ pending_count: "1" });
  await using waiting = broker.begin("wait", id);
  const queued = await until(async () => ((await broker.state(id)).status === "queued" ? true : undefined));
  expect(queued).toBe(true);
  asking.child.kill("SIGINT");
  expect((await asking.done).code).toBe(130);
  expect(await waiting.done).toMatchObject({ code: 0, keys: { session_id, pending_count: "0" } });
  expect(tasksIn(world.model.requests.at(-1))).toEqual(["Begin", "Take your time", "Then"]);
});

inMatrix(() => {
  test("two sessions on one thread do not work in it at once", async () => {
    await using world = await createWorld({ script: [say("1"), silence(), say("3"), say("4")] });
    await using broker = brokerIn(world);
    const one = await broker.start("Begin", "--wait", "--allow-shared-worktree");
    const { session_id = "" } = await broker.state(one);
    const other = await broker.start("--session", session_id ?? "", "Take your time", "--allow-shared-worktree");
    await world.model.asked(2);
    expect((await broker("send", one, "Then")).code).toBe(0);
    expect((await broker("status", one)).keys).toMatchObject({ status: "queued" });
    await broker("stop", other);
    expect(await broker("wait", one)).toMatchObject({ code: 0 });
    expect(tasksIn(world.model.requests.at(-1))).toEqual(["Begin", "Take your time", "Then"]);
  });
});
