import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Asked } from "../../support/ask.ts";
import { type Broker, brokerIn } from "../../support/broker.ts";
import { logLines } from "../../support/line-log.ts";
import { type Reply, say, silence, together } from "../../support/model/replies.ts";
import type { Script } from "../../support/model/server.ts";
import { tasksIn } from "../../support/model/wire.ts";
import { BROKER } from "../../support/programs.ts";
import { payloadsOf } from "../../support/session-results.ts";
import { inMatrix } from "../../support/suite.ts";
import { until, untilRunning } from "../../support/until.ts";
import { createWorld } from "../../support/world.ts";
import { longCommand, untilThere } from "./long-command.ts";
import { accountsOf, expectAskedOnce, expectBalanced, queueOf } from "./session-accounts.ts";
import { codexOf, kill, signal, signalGroup, treeOf, untilEnded, workerOf } from "./session-processes.ts";

const words = say("I have begun.");

/** Long work for the first task, and a word for every other. */
function first(command: string | Reply): Script {
  return (request) =>
    tasksIn(request).length === 1 && request.body.input.at(-1)?.type !== "function_call_output"
      ? together(words, typeof command === "string" ? longCommand(command) : command)
      : say("Gone on.");
}

describe.runIf(process.platform === "linux")("the worker", () => {
  test("killed in the middle of a turn: the next command says so, and the rest runs when told to", async () => {
    await using world = await createWorld({ script: first("setsid sleep 600.51 & sleep 600.52") });
    await using broker = brokerIn(world);
    const id = await broker.start("Begin", "--sandbox", "danger-full-access");
    await untilRunning(world, "sleep 600.51");
    await untilRunning(world, "sleep 600.52");
    await until(async () => ((await latestProgress(broker, id)).includes("I have begun.") ? true : undefined));
    expect((await broker("send", id, "Next")).keys).toMatchObject({ delivered: "queued", pending_count: "2" });
    await kill(await workerOf(broker, id));
    // Nobody heard of it but init, so it has outlived Codex.
    await untilRunning(world, "sleep 600.51");
    const found = await broker("status", id);
    expect(await world.processes()).toEqual([]);
    expect(found).toMatchObject({
      code: 0,
      keys: {
        status: "attention_required",
        pending_count: "1",
        last_run_status: "interrupted",
        last_exit_code: "1",
        worker: "none",
        error_kind: "worker_lost",
        queue_held: "true",
      },
    });
    expect(found.stderr).toBe(
      `[codex] The worker of session ${id} had died; what it was doing is noted as interrupted. Go on with codex_broker resume or send.\n`,
    );
    expect(await reportOf(found)).toContain("I have begun.");
    expect(await readFile(join(broker.folder(id), "latest.md"), "utf8")).toBe(await reportOf(found));
    // Told once; nothing runs on by itself.
    expect(await broker("status", id)).toMatchObject({ stderr: "", stdout: found.stdout });
    const resumed = await broker("resume", id, "--wait");
    expect(resumed).toMatchObject({ code: 0, keys: { pending_count: "0", last_run_status: "completed" } });
    expect(resumed.keys.session_id).toBe(found.keys.session_id);
    expect(tasksIn(world.model.requests.at(-1))).toEqual(["Begin", "Next"]);
    expect(outcomes(await accountsOf(broker, id))).toEqual([
      ["Begin", "run interrupted"],
      ["Next", "run completed"],
    ]);
  });

  inMatrix(() => {
    test.each([["send", "More"], ["resume"], ["wait"], ["list"], ["summary"]])(
      "killed in the middle of a turn is found by %s",
      async (command, ...more) => {
        await using world = await createWorld({ script: first("sleep 600.53") });
        await using broker = brokerIn(world);
        const id = await broker.start("Begin");
        await untilRunning(world, "sleep 600.53");
        await kill(await workerOf(broker, id));
        const told = await broker(command, ...(command === "list" ? [] : [id]), ...more);
        expect(`${told.stdout}${told.stderr}`).toContain(
          command === "wait" ? "last_run_status=interrupted" : "had died",
        );
        expect(await payloadsOf(broker, id, "run_finished")).toMatchObject([{ status: "interrupted" }]);
        if (command === "send")
          expect(await broker("wait", id)).toMatchObject({ code: 0, keys: { last_run_status: "completed" } });
        expectBalanced(await accountsOf(broker, id));
      },
    );
  });

  test("sent SIGTERM ends in order: the run, its commands and Codex, and says so", async () => {
    await using world = await createWorld({ script: first("sleep 600.54 & sleep 600.55") });
    await using broker = brokerIn(world);
    const id = await broker.start("Begin");
    await untilRunning(world, "sleep 600.55");
    await broker("send", id, "Next");
    const waiting = broker.begin("wait", id);
    const pid = await workerOf(broker, id);
    signal(pid, "SIGTERM");
    await untilEnded(pid);
    expect(await waiting.done).toMatchObject({ code: 143, keys: { last_run_status: "interrupted" } });
    expect((await world.processes()).filter(({ command }) => !/ wait /.test(command))).toEqual([]);
    const found = await broker("status", id);
    expect(found).toMatchObject({
      code: 0,
      stderr: "",
      keys: { status: "attention_required", last_run_status: "interrupted", pending_count: "1", worker: "none" },
    });
    expect(await reportOf(found)).toContain("I have begun.");
    expect((await broker.events(id)).slice(-2)).toMatchObject([
      { type: "run_finished", payload: { status: "interrupted", exit_code: 143, error_kind: null } },
      { type: "worker_stopped", payload: { reason: "SIGTERM" } },
    ]);
    expect(await broker("resume", id, "--wait")).toMatchObject({ code: 0, keys: { pending_count: "0" } });
    expect(tasksIn(world.model.requests.at(-1))).toEqual(["Begin", "Next"]);
  });
});

describe.runIf(process.platform === "linux")("the app-server", () => {
  test("killed in the middle of a turn: the session wants to be looked at, and goes on in the same worker", async () => {
    await using world = await createWorld({ script: first("sleep 600.56 & sleep 600.57") });
    await using broker = brokerIn(world);
    const id = await broker.start("Begin");
    await untilRunning(world, "sleep 600.57");
    const worker = await workerOf(broker, id);
    await kill(await codexOf(broker, id));
    const waited = await broker("wait", id);
    expect(waited).toMatchObject({
      code: 1,
      keys: { status: "attention_required", last_run_status: "error", error_kind: "codex_killed", worker: "alive" },
    });
    expect((await world.processes()).map(({ pid }) => pid)).toEqual([worker]);
    expect(await reportOf(waited)).toContain("I have begun.");
    const next = await broker("send", id, "Next", "--wait");
    expect(next).toMatchObject({ code: 0, keys: { status: "waiting_input", last_run_status: "completed" } });
    expect(next.keys.session_id).toBe(waited.keys.session_id);
    expect(await workerOf(broker, id)).toBe(worker);
    expect(tasksIn(world.model.requests.at(-1))).toEqual(["Begin", "Next"]);
  });

  inMatrix(() => {
    test("killed while nothing runs: the next message just works", async () => {
      await using world = await createWorld({ script: () => say("Well.") });
      await using broker = brokerIn(world);
      const id = await broker.start("Begin", "--wait");
      const worker = await workerOf(broker, id);
      await kill(await codexOf(broker, id));
      await until(async () => ((await payloadsOf(broker, id, "codex_lost")).length > 0 ? true : undefined));
      expect((await broker("status", id)).keys).toMatchObject({
        status: "waiting_input",
        last_run_status: "completed",
      });
      expect(await broker("send", id, "Next", "--wait")).toMatchObject({ code: 0, keys: { worker: "alive" } });
      expect(await workerOf(broker, id)).toBe(worker);
      expect(tasksIn(world.model.requests.at(-1))).toEqual(["Begin", "Next"]);
    });
  });
});

describe.runIf(process.platform === "linux")("the shell that has started a session", () => {
  inMatrix(() => {
    test.each([
      // As Claude Code does when a command takes too long, is stopped, or its terminal hangs up.
      { name: "with all that descends from it", tree: true },
      { name: "with its process group", tree: false },
    ])("is killed $name: the work goes on", async ({ tree }) => {
      await using world = await createWorld({ script: first(untilThere("go")) });
      await using broker = brokerIn(world);
      const stdio = ["ignore", "pipe", "inherit"] as ["ignore", "pipe", "inherit"];
      const options = { cwd: world.workspace, env: world.env, stdio, detached: true };
      const shell = spawn("bash", ["-c", '"$0" start --wait 0 Begin; exit 7', BROKER], options);
      const pid = shell.pid ?? 0;
      const [, id = ""] = /^broker_id=(.*)$/.exec(await logLines(shell.stdout).line("broker_id=")) ?? [];
      await world.model.asked(1);
      const hunted = tree ? await treeOf(pid) : [];
      const ended = once(shell, "exit");
      for (const descendant of hunted) signal(descendant, "SIGTERM");
      signalGroup(pid, tree ? "SIGTERM" : "SIGKILL");
      // Whoever outlived that would be killed 1.5 s later; none does.
      await Promise.all(hunted.map(untilEnded));
      expect((await ended)[0]).not.toBe(7);
      expect(hunted).toHaveLength(tree ? 1 : 0);
      expect((await broker("status", id)).keys).toMatchObject({ status: "running", worker: "alive" });
      await writeFile(join(world.workspace, "go"), "");
      expect(await broker("wait", id)).toMatchObject({ code: 0, keys: { last_run_status: "completed" } });
    });
  });
});

inMatrix(() => {
  test("a client killed in the middle of send: its message is in the queue as a whole, or not at all", async () => {
    await using world = await createWorld({ script: (_, index) => (index === 0 ? silence() : say("Well.")) });
    await using broker = brokerIn(world);
    const id = await broker.start("Begin", "--read-only");
    await world.model.asked(1);
    const long = "and so on ".repeat(5_000);
    const sent = Array.from({ length: 24 }, (_, index) => `${index} ${long}`);
    const whole = await timed(() => broker("send", id, sent[0] ?? ""));
    const codes: (number | null)[] = [];
    for (const [index, text] of sent.entries()) {
      if (index === 0) continue;
      const sending = broker.begin("send", id, text);
      // Evenly over the time that it takes.
      const timer = setTimeout(() => sending.child.kill("SIGKILL"), (whole * index) / sent.length);
      codes.push((await sending.done).code);
      clearTimeout(timer);
    }
    expect(codes).toContain(null);
    const queued = (await queueOf(broker, id)).map(({ message }) => message);
    const taken = sent.filter((_, index) => index === 0 || codes[index - 1] === 0);
    expect(taken.filter((text) => !queued.includes(text)).map(beginning)).toEqual([]);
    expect(queued.filter((text) => text !== "Begin" && !sent.includes(text)).map(beginning)).toEqual([]);
    await broker("stop", id);
    expect(await broker("resume", id, "--wait", "0")).toMatchObject({ code: 0, keys: { pending_count: "0" } });
    expect(tasksIn(world.model.requests.at(-1)).map(beginning)).toEqual(queued.map(beginning));
    expectBalanced(await accountsOf(broker, id));
    expectAskedOnce(world.model.requests);
  });
});

inMatrix(() => {
  test("a client killed in the middle of start: there is a whole session, or none that anybody would see", async () => {
    await using world = await createWorld({ script: () => say("Well.") });
    await using broker = brokerIn(world);
    const whole = await timed(() => broker("start", "Begin", "--linger", "0"));
    for (let index = 1; index < 16; index++) {
      const starting = broker.begin(
        "start",
        `Begin ${index}`,
        "--linger",
        "0",
        "--allow-shared-worktree",
        "--worktree",
      );
      const timer = setTimeout(() => starting.child.kill("SIGKILL"), (whole * 2 * index) / 16);
      await starting.done;
      clearTimeout(timer);
      expect(await broker("list")).toMatchObject({ code: 0, stderr: "" });
    }
    const ids = (await broker("list")).stdout.split("\n").flatMap((line) => line.split("\t")[0] || []);
    await Promise.all(ids.map((id) => broker("stop", id)));
    for (const id of ids) expectBalanced(await accountsOf(broker, id));
    expectAskedOnce(world.model.requests);
  });
});

function outcomes(accounts: Awaited<ReturnType<typeof accountsOf>>) {
  return [...accounts.values()].map(({ text, outcomes: own }) => [text, ...own]);
}

async function reportOf({ keys }: Asked): Promise<string> {
  return readFile(keys["last_output_path"] ?? "", "utf8");
}

async function latestProgress(broker: Broker, id: string): Promise<string> {
  return (await broker("status", id)).stdout;
}

/** Of a text that nobody would want to read in a failure. */
function beginning(text = ""): string {
  return text.slice(0, 20);
}

async function timed(act: () => Promise<unknown>): Promise<number> {
  const from = performance.now();
  await act();
  return performance.now() - from;
}
