import { expect, test } from "vitest";
import { ask, startAsk } from "./ask.ts";
import { say, silence } from "./model/replies.ts";
import { createWorld } from "./world.ts";

test("a run comes back with its keys, its report and its time", async () => {
  await using world = await createWorld({ script: [say("The answer is 42.")] });
  const asked = await ask(world, ["what is the answer?"]);
  expect(asked).toMatchObject({ code: 0, signal: null, keys: { status: "completed" }, json: null });
  expect(asked.report).toContain("The answer is 42.");
  expect(asked.durationMs).toBeGreaterThan(0);
});

test("what is piped in reaches the program, under the Node that was asked for", async () => {
  await using world = await createWorld({ script: [say("Read.")] });
  const asked = await ask(world, ["--json"], { stdin: { text: "from a pipe ✓" }, node: process.execPath });
  expect(asked.json).toMatchObject({ status: "completed" });
  expect(JSON.stringify(world.model.requests[0]?.body.input)).toContain("from a pipe ✓");
});

test("a run can be signalled while it is under way", async () => {
  await using world = await createWorld({ script: [silence()] });
  await using asking = startAsk(world, ["take your time"]);
  await world.model.asked(1);
  asking.child.kill("SIGTERM");
  const asked = await asking.done;
  expect(asked).toMatchObject({ code: 143, keys: { status: "cancelled" } });
  await expect(asking.stderrLine("no such line")).rejects.toThrow("no line fits");
});

test("a run that a test did not wait for is killed at the end of the scope", async () => {
  await using world = await createWorld({ script: [silence()] });
  const asking = startAsk(world, ["take your time"], { stdin: "open" });
  await world.model.asked(1);
  await asking[Symbol.asyncDispose]();
  expect(await asking.done).toMatchObject({ code: null, signal: "SIGKILL" });
});
