import { expect, test } from "vitest";
import { brokerIn } from "../../support/broker.ts";
import { calls, say } from "../../support/model/replies.ts";
import { toolOutputs } from "../../support/model/wire.ts";
import { payloadsOf } from "../../support/session-results.ts";
import { withCodex } from "../../support/suite.ts";
import { createWorld } from "../../support/world.ts";

const plan = calls({
  name: "task_queue",
  args: { action: "add", tasks: [{ task_id: "t-1", title: "The check passes" }] },
});

const check = (task_id: string, command: string) => ({
  task_id,
  type: "validation",
  validation: [command],
});

const delegate = (...tasks: readonly unknown[]) => ({ name: "delegate_tasks", args: { tasks } });

withCodex("rest", (version) => {
  test("Codex plans, delegates and finishes; the queue decides how it ends", async () => {
    const script = [plan, calls(delegate(check("t-1", "test -f README.md"))), say("All is well.")];
    await using world = await createWorld({ script, version });
    await using broker = brokerIn(world);
    const started = await broker(
      "orchestrate",
      "See that the check passes",
      "--validation",
      "test -f README.md",
      "--wait",
    );
    expect(started).toMatchObject({ code: 0, keys: { last_run_status: "completed" } });
    const id = started.keys["broker_id"] ?? "";
    const [, planned, delegated] = world.model.requests;
    expect(toolOutputs(planned).at(-1)).toContain("t-1: queued");
    const reply = toolOutputs(delegated).at(-1) ?? "";
    expect(reply).toMatch(/^\{"verdict":"completed","task_id":"t-1"/);
    expect(reply.length).toBeLessThan(8_000);
    expect(await payloadsOf(broker, id, "delegation_started")).toHaveLength(1);
    expect(await payloadsOf(broker, id, "delegation_finished")).toMatchObject([
      { task_id: "t-1", verdict: "completed" },
    ]);
    const { report } = await broker("summary", id).then(async () => ({
      report: (await broker.state(id))["last_output_path"],
    }));
    expect(report).toEqual(expect.any(String));
  });

  test("its thread works alone, with three tools that none of Codex's own is called like", async () => {
    await using world = await createWorld({ script: [say("Nothing to do.")], version });
    await using broker = brokerIn(world);
    const idle = await broker("orchestrate", "Look around", "--wait");
    expect(idle).toMatchObject({ code: 1, keys: { last_run_status: "error", error_kind: "no_tasks" } });
    await using plain = await createWorld({ script: [say("Hello.")], version });
    await using usual = brokerIn(plain);
    await usual("start", "Say hello", "--wait");
    const ours = ["delegate_tasks", "task_queue", "ask_person"];
    const led = namesIn(world.model.requests[0]);
    expect(led).toEqual(expect.arrayContaining(ours));
    expect(led.filter((name) => /agent|goal|search/.test(name))).toEqual([]);
    expect(namesIn(plain.model.requests[0]).filter((name) => ours.includes(name))).toEqual([]);
  });
});

function namesIn(request: Parameters<typeof toolOutputs>[0]): readonly string[] {
  const tools = request?.body.tools ?? [];
  return tools.flatMap(({ name, type, tools: inside = [] }) => [
    name ?? type,
    ...inside.map((tool) => tool.name ?? ""),
  ]);
}
