import { expect } from "vitest";
import { brokerIn } from "../../support/broker.ts";
import { say } from "../../support/model/replies.ts";
import { tasksIn } from "../../support/model/wire.ts";
import { testUnderLoad } from "../../support/trials.ts";
import { untilRunning } from "../../support/until.ts";
import { createWorld } from "../../support/world.ts";
import { longCommand } from "./long-command.ts";
import { accountsOf, expectBalanced } from "./session-accounts.ts";
import { signal, workerOf } from "./session-processes.ts";

// Each command gives the worker ten seconds: too long a wait for every change.
testUnderLoad("a worker that does not answer is told, a message for it is kept, and stop ends it", async () => {
  if (process.platform !== "linux") return;
  const script = (request: Parameters<typeof tasksIn>[0]) =>
    tasksIn(request).length === 1 ? longCommand("sleep 600.61 & sleep 600.62") : say("Gone on.");
  await using world = await createWorld({ script });
  await using broker = brokerIn(world);
  const id = await broker.start("Begin");
  await untilRunning(world, "sleep 600.62");
  const worker = await workerOf(broker, id);
  signal(worker, "SIGSTOP");
  const [status, list, sent] = await Promise.all([broker("status", id), broker("list"), broker("send", id, "Next")]);
  expect(status).toMatchObject({ code: 0, keys: { status: "running", worker: "silent" } });
  expect(status.stderr).toBe(`[WARNING] The worker of session ${id} does not answer; codex_broker stop ends it.\n`);
  expect(list.stdout).toContain("silent");
  expect(sent).toMatchObject({ code: 0, keys: { delivered: "queued", pending_count: "2" } });
  expect(await broker("stop", id)).toMatchObject({ code: 0, keys: { status: "stopped", worker: "ended" } });
  expect(await world.processes()).toEqual([]);
  const resumed = await broker("resume", id, "--wait");
  expect(resumed).toMatchObject({ code: 0, keys: { pending_count: "0", last_run_status: "completed" } });
  expect(tasksIn(world.model.requests.at(-1))).toEqual(["Begin", "Next"]);
  expectBalanced(await accountsOf(broker, id));
});
