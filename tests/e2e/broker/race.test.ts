import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join, relative } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { connectWorker } from "../../../src/broker/socket/client.ts";
import { sessionStatus } from "../../../src/broker/socket/protocol.ts";
import { findProcess } from "../../../src/process/table.ts";
import { brokerIn } from "../../support/broker.ts";
import { codexBin } from "../../support/codex.ts";
import { say } from "../../support/model/replies.ts";
import type { Script } from "../../support/model/server.ts";
import { tasksIn } from "../../support/model/wire.ts";
import { BROKER } from "../../support/programs.ts";
import { payloadsOf } from "../../support/session-results.ts";
import { inMatrix, withCases } from "../../support/suite.ts";
import { tempFolder } from "../../support/temp-folder.ts";
import { until, untilGone } from "../../support/until.ts";
import { createWorld, type World } from "../../support/world.ts";
import { untilThere } from "./long-command.ts";
import { accountsOf, expectAskedOnce, expectBalanced } from "./session-accounts.ts";
import { kill, workerOf } from "./session-processes.ts";

/** The first task waits for the test; every other gets its answer at once. */
const gated: Script = (request) =>
  tasksIn(request).length === 1 && request.body.input.at(-1)?.type !== "function_call_output"
    ? untilThere("go")
    : say("Well.");

withCases({ change: [3], matrix: [2, 10] }, (counts) => {
  test.each(counts)("%d workers for one session at once: one serves it, and each message runs once", async (count) => {
    await using world = await createWorld({ script: gated });
    await using broker = brokerIn(world);
    const id = await broker.start("Begin", "--read-only");
    await world.model.asked(1);
    const tasks = ["One", "Two", "Three"];
    for (const task of tasks) await broker("send", id, task);
    await kill(await workerOf(broker, id));
    const workers = Array.from({ length: count }, () => beginWorker(world, broker.folder(id)));
    const codes = await Promise.all(
      workers.map(({ ended }) => Promise.race([ended, broker("wait", id).then(() => null)])),
    );
    expect(await broker("wait", id)).toMatchObject({ code: 0, keys: { pending_count: "0", worker: "alive" } });
    expect(codes.filter((code) => code !== null && code !== 0)).toEqual([]);
    const serving = await workerOf(broker, id);
    for (const { pid, ended } of workers) if (pid !== serving) expect(await ended).toBe(0);
    expect(await payloadsOf(broker, id, "worker_started")).toHaveLength(2);
    expect(tasksIn(world.model.requests.at(-1))).toEqual(["Begin", ...tasks]);
    expectBalanced(await accountsOf(broker, id));
    expectAskedOnce(world.model.requests);
  });
});

withCases({ change: [3], matrix: [2, 6] }, (counts) => {
  test.each(counts)(
    "of %d sessions that are to write in one work tree, started at once, exactly one is",
    async (count) => {
      await using world = await createWorld({ script: gated });
      await using broker = brokerIn(world);
      const started = await Promise.all(Array.from({ length: count }, () => broker("start", "Begin")));
      const [winner, ...others] = started.toSorted((a, b) => (a.code ?? 9) - (b.code ?? 9));
      expect(winner).toMatchObject({ code: 0 });
      expect(others).toHaveLength(count - 1);
      for (const other of others) {
        expect(other).toMatchObject({ code: 1, keys: { error_kind: "session_busy" } });
        expect(other.stderr).toContain(winner?.keys["broker_id"]);
      }
      expect((await broker("list")).stdout.trim().split("\n")).toHaveLength(1);
      await open(world);
      expect(await broker("wait", winner?.keys["broker_id"] ?? "")).toMatchObject({ code: 0 });
    },
  );
});

describe("a message that comes while the worker leaves", () => {
  // Milliseconds after the session has settled: from before its worker knows that it leaves until it is gone.
  const change = [{ linger: "0", delays: [0, 60] }];
  const matrix = [
    { linger: "0", delays: [10, 20, 40, 90, 120, 160] },
    { linger: "1", delays: [940, 970, 1000] },
  ];
  withCases({ change, matrix }, (cases) => {
    test.each(cases)("(--linger $linger) is not lost", async ({ linger, delays }) => {
      await using world = await createWorld({ script: () => say("Well.") });
      await using broker = brokerIn(world);
      const id = await broker.start("Begin", "--read-only", "--linger", linger, "--wait");
      const texts = delays.map((delay) => `after ${delay} ms`);
      for (const [index, text] of texts.entries()) {
        await sleep(delays[index]);
        const sent = await broker("send", id, text, "--wait");
        expect(sent).toMatchObject({ code: 0, keys: { pending_count: "0", last_run_status: "completed" } });
      }
      expect(tasksIn(world.model.requests.at(-1))).toEqual(["Begin", ...texts]);
      expectBalanced(await accountsOf(broker, id));
      expectAskedOnce(world.model.requests);
    });
  });
});

inMatrix(() => {
  test("the same steer from many at once gets into the turn once", async () => {
    await using world = await createWorld({ script: gated });
    const slow = join(world.temp, "slow codex");
    await writeFile(
      slow,
      `#!/bin/sh\nuntil [ -e '${world.temp}/begin' ]; do sleep 0.05; done\nexec '${codexBin()}' "$@"\n`,
    );
    await chmod(slow, 0o755);
    await using broker = brokerIn({ ...world, env: { ...world.env, ASK_CODEX_COMMAND: slow } });
    const id = await broker.start("Begin", "--read-only");
    await until(async () => ((await payloadsOf(broker, id, "run_started")).length > 0 ? true : undefined));
    let answered = 0;
    const send = () => broker("send", id, "Aside", "--steer", "--key", "k").finally(() => answered++);
    const sending = Promise.all(Array.from({ length: 6 }, send));
    // Each of them is answered, or waits for the turn to begin.
    await until(async () =>
      answered + (await payloadsOf(broker, id, "steer_started")).length >= 6 ? true : undefined,
    );
    await writeFile(join(world.temp, "begin"), "");
    const sent = await sending;
    expect(sent.map(({ code }) => code)).toEqual(Array(6).fill(0));
    expect(sent.filter(({ keys }) => keys["delivered"] === "steered")).toHaveLength(1);
    await open(world);
    expect(await broker("wait", id)).toMatchObject({ code: 0, keys: { pending_count: "0" } });
    expect(tasksIn(world.model.requests.at(-1))).toEqual(["Begin", "Aside"]);
    expectBalanced(await accountsOf(broker, id));
  });
});

test("a worker that left after it took a connection is gone: it is not waited for", async () => {
  await using temp = await tempFolder();
  const server = createServer((socket) => socket.destroy());
  server.listen(relative(process.cwd(), join(temp.path, "worker.sock")));
  await once(server, "listening");
  const worker = await connectWorker(temp.path);
  await worker?.closed;
  await expect(worker?.call({ type: "status" }, sessionStatus)).rejects.toMatchObject({
    name: "WorkerGone",
    silent: false,
  });
  server.close();
});

withCases({ change: [], matrix: [4, 8] }, (counts) => {
  test.each(counts)("stop and send at once, %d times: the message runs, or waits for a resume", async (count) => {
    await using world = await createWorld({ script: () => say("Well.") });
    await using broker = brokerIn(world);
    const id = await broker.start("Begin", "--read-only", "--wait");
    const texts = Array.from({ length: count }, (_, index) => `Message ${index}`);
    for (const text of texts) {
      const [stopped, sent] = await Promise.all([broker("stop", id), broker("send", id, text)]);
      expect(stopped).toMatchObject({ code: 0, keys: { status: "stopped" } });
      expect(sent).toMatchObject({ code: 0, keys: { queued: "true" } });
      // Whoever came last has it: nothing is said to wait that nobody works at.
      const settled = await broker("wait", id);
      const waits = settled.keys["pending_count"] === "1";
      expect(settled.keys.status).toMatch(
        waits ? /^(?:stopped|attention_required)$/ : /^(?:waiting_input|stopped|attention_required)$/,
      );
      expect(await broker("resume", id, "--wait")).toMatchObject({ keys: { pending_count: "0" } });
    }
    const accounts = await accountsOf(broker, id);
    expect([...accounts.values()].map(({ text }) => text)).toEqual(["Begin", ...texts]);
    expectBalanced(accounts);
    expectAskedOnce(world.model.requests);
  });
});

inMatrix(() => {
  test("a stop waits for a command that puts the session in order, and does not end it", async () => {
    await using world = await createWorld({ script: () => say("Well.") });
    await using broker = brokerIn(world);
    const id = await broker.start("Begin", "--read-only", "--linger", "0", "--wait");
    await untilGone(world);
    const command = spawn("sleep", ["600.71"], { stdio: "ignore" });
    const { pid = 0, startedAt = "" } = (await findProcess(command.pid ?? 0)) ?? {};
    const hold = join(broker.folder(id), "worker.hold");
    await writeFile(hold, JSON.stringify({ pid, startedAt, runId: "test" }));
    const stopping = broker.begin("stop", id);
    expect((await broker("status", id)).keys).toMatchObject({ worker: "none" });
    await rm(hold);
    expect(await stopping.done).toMatchObject({ code: 0, keys: { status: "stopped", worker: "none" } });
    expect(command.kill()).toBe(true);
  });
});

withCases({ change: [[0, 40]], matrix: [[0, 25, 50, 75, 100]] }, (all) => {
  test.for(all)("a stop right after the start, %o ms: nothing comes up behind its back", async (pauses) => {
    await using world = await createWorld({ script: () => say("Well.") });
    await using broker = brokerIn(world);
    for (const pause of pauses) {
      const id = await broker.start("Begin", "--read-only");
      await sleep(pause);
      expect(await broker("stop", id)).toMatchObject({ code: 0 });
      // A worker that was still on its way finds that it is too late.
      await untilGone(world);
      expect((await broker("status", id)).keys).toMatchObject({ status: "stopped", worker: "none" });
      expect(await broker("resume", id, "--wait")).toMatchObject({ keys: { pending_count: "0" } });
      expectBalanced(await accountsOf(broker, id));
      await broker("stop", id);
    }
  });
});

inMatrix(() => {
  test("many commands on one session at once all have their answer", async () => {
    await using world = await createWorld({ script: gated });
    await using broker = brokerIn(world);
    const id = await broker.start("Begin", "--read-only");
    await world.model.asked(1);
    const sends = Array.from({ length: 8 }, (_, index) => `Message ${index}`);
    const looks = [
      ["status", id],
      ["list"],
      ["summary", id],
      ["logs", id],
      ["status", id, "--json"],
      ["wait", id, "--timeout", "1"],
    ];
    const all = [...sends.map((text) => ["send", id, text]), ...looks, ...looks];
    const ended = await Promise.all(all.map((args) => broker(...args)));
    for (const [index, { code, stderr }] of ended.entries())
      expect([all[index]?.[0], code, stderr]).toEqual([all[index]?.[0], 0, ""]);
    await open(world);
    expect(await broker("wait", id)).toMatchObject({ code: 0, keys: { pending_count: "0" } });
    expect(tasksIn(world.model.requests.at(-1)).toSorted()).toEqual(["Begin", ...sends]);
    expectBalanced(await accountsOf(broker, id));
  });
});

/** What `start` leaves running, without `start`. */
function beginWorker(world: World, folder: string) {
  const worker = spawn(BROKER, ["__worker", folder], { cwd: folder, env: world.env, stdio: "ignore" });
  return { pid: worker.pid, ended: once(worker, "exit").then(([code]) => code as number | null) };
}

async function open({ workspace }: World): Promise<void> {
  await writeFile(join(workspace, "go"), "");
}
