import { expect, test } from "vitest";
import { brokerIn } from "../../support/broker.ts";
import { say } from "../../support/model/replies.ts";
import { createWorld } from "../../support/world.ts";

test("a session is started, collected, gone on with and stopped, and leaves no process", async () => {
  await using world = await createWorld({ script: [say("First."), say("Second.")] });
  await using broker = brokerIn(world);
  const started = await broker("start", "Begin");
  expect(started).toMatchObject({ code: 0, keys: { status: "queued" } });
  const id = started.keys["broker_id"] ?? "";
  expect(started.keys["session_dir"]).toBe(broker.folder(id));
  const waited = await broker("wait", id);
  expect(waited).toMatchObject({ code: 0, keys: { status: "waiting_input", last_run_status: "completed" } });
  const sent = await broker("send", id, "Go on", "--wait");
  expect(sent).toMatchObject({ code: 0, keys: { delivered: "started", pending_count: "0", last_exit_code: "0" } });
  expect(sent.keys["session_id"]).toBe(waited.keys["session_id"]);
  expect((await broker("summary", id)).stdout).toContain("Second.");
  expect(await broker("stop", id)).toMatchObject({ code: 0, keys: { status: "stopped", worker: "ended" } });
  expect(await world.processes()).toEqual([]);
});
