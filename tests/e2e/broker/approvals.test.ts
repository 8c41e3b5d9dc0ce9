import { access } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Broker, brokerIn } from "../../support/broker.ts";
import { escalate, say, together } from "../../support/model/replies.ts";
import { tasksIn, toolOutputs } from "../../support/model/wire.ts";
import { payloadsOf, resultsOf } from "../../support/session-results.ts";
import { inMatrix } from "../../support/suite.ts";
import { createWorld, type World } from "../../support/world.ts";

describe("start --approvals ask", () => {
  test("waits with what Codex wants; approve lets it happen, outside of the sandbox, in the same turn", async () => {
    await using world = await createWorld({
      script: [escalate('touch "$HOME/there"', "it belongs there"), say("Done.")],
    });
    await using broker = brokerIn(world);
    const { id, asked } = await askingSession(broker);
    expect(asked).toMatchObject({ code: 4, keys: { status: "waiting_input", phase: "waiting for approval" } });
    expect(asked.keys["approval"]).toMatch(/^run .*touch "\$HOME\/there".* \(it belongs there\)$/);
    const wrong = await broker("answer", id, "yes");
    expect(wrong).toMatchObject({ code: 1, stdout: "", stderr: expect.stringContaining("approve or deny") });
    expect(await exists(world)).toBe(false);
    const approved = await broker("approve", id, "--wait");
    expect(approved).toMatchObject({ code: 0, keys: { delivered: "approved", last_run_status: "completed" } });
    expect(approved.keys).toMatchObject({ what: expect.stringContaining("there"), open_approvals: "0" });
    expect(await exists(world)).toBe(true);
    expect(await payloadsOf(broker, id, "run_started")).toHaveLength(1);
    for (const command of ["approve", "deny"]) {
      const nothing = await broker(command, id);
      expect(nothing).toMatchObject({ code: 1, stdout: "" });
      expect(nothing.stderr).toMatch(/^\[ERROR\] Nothing waits for approval in this session\. .*\n$/);
    }
    await broker("stop", id);
    expect((await broker("approve", id)).stderr).toContain("Nothing waits for approval in this session.");
  });

  test("deny stops it, and Codex reads why in the same turn", async () => {
    await using world = await createWorld({
      script: [escalate('touch "$HOME/there"', "it belongs there"), say("Then not.")],
    });
    await using broker = brokerIn(world);
    const { id } = await askingSession(broker);
    const denied = await broker("deny", id, 'Not in "$HOME"; ask me\nfirst', "--wait");
    expect(denied).toMatchObject({ code: 0, keys: { delivered: "denied", last_run_status: "completed" } });
    expect(await exists(world)).toBe(false);
    expect(tasksIn(world.model.requests[1]).at(-1)).toContain('Not in "$HOME"; ask me\nfirst');
    const [result] = await resultsOf(broker, id);
    expect(result).toMatchObject({ declined: [{ reason: expect.stringContaining("Not in") }] });
    expect(await payloadsOf(broker, id, "request_closed")).toMatchObject([{ how: "denied" }]);
  });

  inMatrix(() => {
    test("several wait one after the other; send is not an answer to them", async () => {
      const [one, other] = [escalate('touch "$HOME/there"', "one"), escalate('touch "$HOME/elsewhere"', "other")];
      await using world = await createWorld({ script: [together(one, other), say("Done."), say("More.")] });
      await using broker = brokerIn(world);
      const { id } = await askingSession(broker);
      expect((await broker("send", id, "Hello?")).keys).toMatchObject({ delivered: "queued" });
      expect((await broker("approve", id)).code).toBe(0);
      expect((await broker("wait", id)).code).toBe(4);
      expect((await broker("deny", id)).code).toBe(0);
      expect(await broker("wait", id)).toMatchObject({ code: 0, keys: { pending_count: "0" } });
      expect((await payloadsOf(broker, id, "request_closed")).map(({ how }) => how)).toEqual(["approved", "denied"]);
      expect(tasksIn(world.model.requests.at(-1))).toEqual(["Begin", "Hello?"]);
    });
  });

  test("nobody says a word in time: it is declined, and the session wants to be looked at", async () => {
    await using world = await createWorld({ script: [escalate('touch "$HOME/there"', "please"), say("Then not.")] });
    await using broker = brokerIn(world);
    const id = await broker.start("--approvals", "ask", "--answer-timeout", "1", "Begin");
    await world.model.asked(2);
    expect(await broker("wait", id)).toMatchObject({ keys: { status: "attention_required" } });
    expect(await exists(world)).toBe(false);
  });
});

inMatrix(() => {
  test("without --approvals ask nothing waits: what Codex wants is declined, and listed", async () => {
    const config = 'approval_policy = "on-request"\n';
    const script = [escalate('touch "$HOME/there"', "please"), say("Then not.")];
    await using world = await createWorld({ config, script });
    await using broker = brokerIn(world);
    const started = await broker("start", "Begin", "--wait");
    expect(started).toMatchObject({ code: 0, keys: { last_run_status: "completed" } });
    expect(await exists(world)).toBe(false);
    expect(toolOutputs(world.model.requests[1])).toHaveLength(1);
    const id = started.keys["broker_id"] ?? "";
    expect(await payloadsOf(broker, id, "request_opened")).toEqual([]);
    expect((await broker("approve", id)).code).toBe(1);
    expect(await resultsOf(broker, id)).toMatchObject([
      {
        declined: [
          { what: expect.stringContaining('touch "$HOME/there"'), reason: expect.stringContaining("no user is there") },
        ],
      },
    ]);
  });
});

async function askingSession(broker: Broker) {
  const id = await broker.start("--approvals", "ask", "Begin");
  const asked = await broker("wait", id);
  expect(asked.code).toBe(4);
  return { id, asked };
}

async function exists(world: World): Promise<boolean> {
  return access(join(world.home, "there")).then(
    () => true,
    () => false,
  );
}
