import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Broker, brokerIn } from "../../support/broker.ts";
import { calls, say } from "../../support/model/replies.ts";
import { toldTo, toolOutputs } from "../../support/model/wire.ts";
import { payloadsOf } from "../../support/session-results.ts";
import { inMatrix } from "../../support/suite.ts";
import { until, untilGone } from "../../support/until.ts";
import { createWorld, type World } from "../../support/world.ts";

const LONG = "touch began.txt; sleep 77";
const slow = { task_id: "t-1", type: "validation", validation: [LONG] };
const delegate = calls({ name: "delegate_tasks", args: { tasks: [slow] } });
const question = calls({ name: "ask_person", args: { question: "Blue or red?", options: ["blue", "red"] } });

test("a killed worker leaves the queue whole; what ran is interrupted, its edits named, and a message goes on", async () => {
  await using world = await createWorld({ script: [delegate, say("It was interrupted.")] });
  await using broker = brokerIn(world);
  const id = await begin(broker, "--validation", LONG);
  await untilBegun(world);
  process.kill((await broker.state(id)).worker_pid ?? 0, "SIGKILL");
  const status = await broker("status", id);
  expect(status.stdout).toContain("task=t-1: interrupted");
  await untilGone(world);
  expect(await payloadsOf(broker, id, "delegation_finished")).toMatchObject([
    { task_id: "t-1", verdict: "interrupted", files: ["began.txt"] },
  ]);
  const [counted = ""] = (await readFile(join(world.state, "ledger.jsonl"), "utf8")).split("\n");
  expect(JSON.parse(counted)).toMatchObject({
    ...{ kind: "delegation", orchestration: id, status: "cancelled", error_kind: "worker_lost" },
    handoff: { task_id: "t-1", type: "validation", verdict: "interrupted", violations: [] },
  });
  expect(await broker("send", id, "Go on", "--wait")).toMatchObject({ code: 1, keys: { open_tasks: "1" } });
  expect(toldTo(world.model.requests[1]).join("\n")).toMatch(/t-1 was interrupted\..*Changed: began\.txt/);
  expect(await payloadsOf(broker, id, "delegation_started")).toHaveLength(1);
});

inMatrix(() => {
  test("an interrupt ends what is delegated as well, and the next message runs", async () => {
    await using world = await createWorld({ script: [delegate, say("Stopped.")] });
    await using broker = brokerIn(world);
    const id = await begin(broker, "--validation", LONG);
    await untilBegun(world);
    const steered = await broker("send", id, "--steer", "Mind the gap");
    expect(steered.keys).toMatchObject({ delivered: "steered", read_when: "when t-1 ends" });
    await broker("send", id, "--interrupt", "Leave it");
    expect(await broker("wait", id)).toMatchObject({ code: 1, keys: { last_run_status: "error" } });
    expect((await world.processes()).filter(({ command }) => command.includes("sleep 77"))).toEqual([]);
    expect(await payloadsOf(broker, id, "delegation_finished")).toMatchObject([{ verdict: "interrupted" }]);
  });
});

test("a person's answer reaches Codex in the call, and after the worker was killed as the next message", async () => {
  const script = [question, question, say("Blue it is, then red.")];
  await using world = await createWorld({ script });
  await using broker = brokerIn(world);
  const id = await begin(broker, "--idle-timeout", "1");
  expect(await broker("wait", id)).toMatchObject({ code: 4, keys: { status: "waiting_input" } });
  await broker("answer", id, "blue");
  await until(async () => (world.model.requests.length > 1 ? true : undefined));
  expect(toolOutputs(world.model.requests[1]).at(-1)).toBe('{"verdict":"answered","answer":"blue"}');
  expect((await broker("wait", id)).code).toBe(4);
  process.kill((await broker.state(id)).worker_pid ?? 0, "SIGKILL");
  expect((await broker("status", id)).stdout).toContain("question=closing: Blue or red?");
  await broker("answer", id, "red", "--wait");
  const told = toldTo(world.model.requests[2]);
  expect(told.at(-1)).toBe("red");
  expect(told.join("\n")).toContain("You asked the person: Blue or red?");
  expect(await payloadsOf(broker, id, "person_asked")).toMatchObject([{ answer: "blue" }, { answer: "red" }]);
});

async function begin(broker: Broker, ...flags: readonly string[]): Promise<string> {
  return (await broker("orchestrate", ...flags, "Do what is to be done")).keys["broker_id"] ?? "";
}

async function untilBegun({ workspace }: World): Promise<void> {
  await until(() => readFile(join(workspace, "began.txt")).catch(() => undefined));
}
