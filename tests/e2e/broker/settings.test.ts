import { rename, symlink } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { brokerIn } from "../../support/broker.ts";
import { codexBin } from "../../support/codex.ts";
import { run, say } from "../../support/model/replies.ts";
import { tasksIn, toolOutputs } from "../../support/model/wire.ts";
import { payloadsOf, resultsOf } from "../../support/session-results.ts";
import { inMatrix, withCodex } from "../../support/suite.ts";
import { NEWEST, OLDEST } from "../../support/versions.ts";
import { createWorld } from "../../support/world.ts";

describe("the settings of a message", () => {
  test("hold for its own turn; the next one has the session's again, in a new worker as well, and no network that start had", async () => {
    await using world = await createWorld({ script: () => say("Well.") });
    await using broker = brokerIn(world);
    const id = await broker.start("--model", "m1", "--reasoning", "low", "--network", "Begin", "--wait");
    await broker("send", id, "--model", "m2", "--reasoning", "high", "--read-only", "Differently", "--wait");
    await broker("send", id, "As before", "--wait");
    await broker("stop", id);
    await broker("send", id, "--sandbox", "danger-full-access", "Freely");
    await broker("wait", id);
    await broker("send", id, "As before", "--wait");
    const own = { model: "m1", effort: "low", sandbox: "workspace-write", network: false };
    const receipts = (await resultsOf(broker, id)).map(({ receipt }) => receipt);
    expect(receipts).toMatchObject([
      { ...own, network: true },
      { model: "m2", effort: "high", sandbox: "read-only", network: false },
      own,
      { model: "m1", effort: "low", sandbox: "danger-full-access", network: true },
      own,
    ]);
    const told = world.model.requests.map(({ body }) => [body.model, body.reasoning?.effort]);
    expect(told).toEqual([
      ["m1", "low"],
      ["m2", "high"],
      ["m1", "low"],
      ["m1", "low"],
      ["m1", "low"],
    ]);
  });

  inMatrix(() => {
    test("which nobody gave are the Codex configuration's, also after a turn that had others", async () => {
      const config = 'model = "mine"\nmodel_reasoning_effort = "low"\n';
      await using world = await createWorld({ config, script: () => say("Well.") });
      await using broker = brokerIn(world);
      const id = await broker.start("Begin", "--wait");
      await broker("send", id, "--model", "m2", "--reasoning", "high", "--read-only", "Differently", "--wait");
      await broker("send", id, "As before", "--wait");
      const own = { model: "mine", effort: "low", sandbox: "workspace-write" };
      const receipts = (await resultsOf(broker, id)).map(({ receipt }) => receipt);
      expect(receipts).toMatchObject([own, { model: "m2", effort: "high", sandbox: "read-only" }, own]);
    });
  });

  test("reach the sandbox: what a read-only message cannot write, the next one can, and the other way round", async () => {
    const script = [run("touch a"), say("1"), run("touch b"), say("2"), run("touch c"), say("3")];
    await using world = await createWorld({ script });
    await using broker = brokerIn(world);
    const id = await broker.start("--read-only", "Look", "--wait");
    await broker("send", id, "--full-auto", "Write", "--wait");
    await broker("send", id, "Look", "--wait");
    const outputs = toolOutputs(world.model.requests.at(-1)).map((output) => output.includes("Read-only file system"));
    expect(outputs).toEqual([true, false, true]);
    const changed = (await resultsOf(broker, id)).map(({ changes }) => changes.map(({ path }) => path));
    expect(changed).toEqual([[], ["b"], []]);
  });
});

describe("Codex, upgraded between two messages,", () => {
  inMatrix(() => {
    test.each([
      { name: "in the worker that is there", stop: false },
      { name: "in a new worker", stop: true },
    ])("runs the second one in the same thread: $name", async ({ stop }) => {
      await using world = await createWorld({ script: () => say("Well.") });
      const command = join(world.home, "codex");
      await symlink(codexBin(OLDEST), command);
      await using broker = brokerIn(world);
      const env = { ASK_CODEX_COMMAND: command };
      const started = await broker.with({ env }, "start", "Begin", "--wait");
      const id = started.keys["broker_id"] ?? "";
      if (stop) await broker("stop", id);
      await symlink(codexBin(NEWEST), `${command}.new`);
      await rename(`${command}.new`, command);
      await broker.with({ env }, "send", id, "Go on");
      expect(await broker("wait", id)).toMatchObject({ code: 0, keys: { session_id: started.keys.session_id } });
      const versions = (await resultsOf(broker, id)).map(({ receipt }) => receipt["codex_version"]);
      expect(versions).toEqual([OLDEST, NEWEST]);
      expect(tasksIn(world.model.requests.at(-1))).toEqual(["Begin", "Go on"]);
      expect(await payloadsOf(broker, id, "codex_lost")).toEqual([]);
    });
  });
});

withCodex("rest", (version) => {
  test("a session is served", async () => {
    await using world = await createWorld({ version, script: () => say("Well.") });
    await using broker = brokerIn(world);
    const id = await broker.start("Begin", "--wait");
    expect(await broker("send", id, "Go on", "--wait")).toMatchObject({ code: 0, keys: { delivered: "started" } });
    expect(tasksIn(world.model.requests.at(-1))).toEqual(["Begin", "Go on"]);
    await broker("stop", id);
    expect(await world.processes()).toEqual([]);
  });
});
