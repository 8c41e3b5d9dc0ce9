import { expect, test } from "vitest";
import { type Broker, brokerIn } from "../support/broker.ts";
import { chapterOf } from "../support/documents/documents.ts";
import { codeIn, partOf, rowsUnder } from "../support/documents/markdown.ts";
import { escalate, ask as question, run, say } from "../support/model/replies.ts";
import { fullSession, fullState } from "../support/samples/sessions.ts";
import { createWorld } from "../support/world.ts";

const invocation = chapterOf("broker-invocation");

/** The keys that broker-invocation.md has for a command, in their order. */
function toldFor(command: string): readonly string[] {
  const rows = rowsUnder(partOf(invocation, "stdout"), "Command");
  const [, keys = ""] = rows.find(([commands = ""]) => codeIn(commands).includes(command)) ?? [];
  // What stands behind a key, in brackets or another sentence, is not a key of this command.
  const [own = ""] = keys.replaceAll(/\([^)]*\)/g, "").split(";");
  return codeIn(own);
}

test("each command prints the keys that are told, in their order", async () => {
  const script = [say("Done."), question(which), say("So be it."), escalate("touch a", "it has to"), say("Approved.")];
  await using world = await createWorld({ script });
  await using broker = brokerIn(world);
  const print = printer(broker);

  expect(await print("start", "Begin", "--name", "a", "--approvals", "ask")).toEqual(toldFor("start"));
  await broker("wait", "@a");
  expect(await print("send", "@a", "Ask me")).toEqual(toldFor("send"));
  await broker("wait", "@a");
  expect(await print("answer", "@a", "this")).toEqual(toldFor("answer"));
  await broker("wait", "@a");
  expect(await print("summary", "@a")).toEqual(toldFor("summary"));
  await broker("send", "@a", "Touch it", "--wait");
  expect(await print("approve", "@a")).toEqual(toldFor("approve"));
  await broker("wait", "@a");
  expect(await print("resume", "@a")).toEqual(toldFor("resume"));
  expect(await print("rename", "@a", "b")).toEqual(toldFor("rename"));
  expect(await print("stop", "@b")).toEqual(toldFor("stop").filter((key) => key !== "survivors"));
  const cleaned = await print("clean", "--older-than", "0m", "--dry-run");
  expect(toldFor("clean")).toEqual(expect.arrayContaining([...cleaned]));
  expect(cleaned).toEqual(["would_remove", "count"]);
});

test("patch prints nothing but a patch, and apply the keys that are told", async () => {
  await using world = await createWorld({ script: [run("echo new > new.txt"), say("Done.")] });
  await using broker = brokerIn(world);
  await broker("start", "--name", "a", "--worktree", "Make it", "--wait");
  expect((await broker("patch", "@a")).stdout).toMatch(/^diff --git /);
  expect(await printer(broker)("apply", "@a")).toEqual(toldFor("apply"));
});

test("status --json has the fields of state.json, then those that are told", async () => {
  await using world = await createWorld({ script: [say("Done.")] });
  await using broker = brokerIn(world);
  await broker("start", "--name", "a", "Begin", "--wait");
  const one = JSON.parse((await broker("status", "@a", "--json")).stdout);
  const told = rowsUnder(partOf(invocation, "status with --json"), "Key").flatMap(([keys = ""]) => codeIn(keys));
  const added = [...new Set(told.map((key) => key.split("[")[0]))];
  expect(Object.keys(one)).toEqual([...Object.keys(fullState), ...added]);
  const [inList] = JSON.parse((await broker("list", "--json")).stdout);
  expect(Object.keys(inList)).toEqual(Object.keys(one).filter((key) => key !== "latest_output_excerpt"));
  const steps = fullSession.live?.plan.flatMap((step) => Object.keys(step).map((key) => `plan[].${key}`)) ?? [];
  expect(told.filter((key) => key.startsWith("plan"))).toEqual(steps);
});

const which = { id: "q", header: "Q", question: "Which?", options: [{ label: "this", description: "that" }] };

/** Runs a command that must succeed, and finds the keys that it prints. */
function printer(broker: Broker) {
  return async (...args: readonly string[]): Promise<readonly string[]> => {
    const { code, stdout, stderr } = await broker(...args);
    expect(code, stderr).toBe(0);
    return [...new Set(stdout.match(/^\w+(?==)/gm) ?? [])];
  };
}
