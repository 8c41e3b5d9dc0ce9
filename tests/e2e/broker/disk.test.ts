import { appendFile, mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, test } from "vitest";
import { inspectSession } from "../../../src/broker/command/inspect-session.ts";
import { newId } from "../../../src/files/state-paths.ts";
import { type Broker, brokerIn } from "../../support/broker.ts";
import { canMount, type SmallDisk, smallDisk } from "../../support/machine/small-disk.ts";
import { say } from "../../support/model/replies.ts";
import type { Script } from "../../support/model/server.ts";
import { tasksIn } from "../../support/model/wire.ts";
import { payloadsOf } from "../../support/session-results.ts";
import { inMatrix } from "../../support/suite.ts";
import { until, untilGone } from "../../support/until.ts";
import { createWorld, type World } from "../../support/world.ts";
import { untilThere } from "./long-command.ts";
import { accountsOf, expectBalanced, queueOf } from "./session-accounts.ts";
import { kill, workerOf } from "./session-processes.ts";

// Where the disk must stay full there is no repository: a snapshot that a run removes at its end would make room.

/** The first task waits for the test; every other gets its answer at once. */
const gated: Script = (request) =>
  tasksIn(request).length === 1 && request.body.input.at(-1)?.type !== "function_call_output"
    ? untilThere("go")
    : say("Well.");

const ONE_LINE = /^\[ERROR\] (?!.*bug in ask_codex)[^\n]+\n$/;

describe.runIf(canMount)("a disk that is full", () => {
  test("when a session is started: nothing is left of it, and with room it starts", async () => {
    await using world = await createWorld({ script: () => say("Well.") });
    await using disk = await smallDisk(world.home);
    await using broker = brokerOn(world, disk);
    disk.fill();
    const refused = await broker("start", "Begin");
    expect(refused).toMatchObject({ code: 1, stdout: "status=failed\nerror_kind=system\n" });
    expect(refused.stderr).toMatch(ONE_LINE);
    expect(refused.stderr).toContain("ENOSPC");
    expect(await broker("list")).toMatchObject({ code: 0, stdout: "" });
    await makeRoom(disk);
    expect(await broker("start", "Begin", "--read-only", "--wait")).toMatchObject({ code: 0 });
  });

  inMatrix(() => {
    test.each([
      { name: "and its worker waits", linger: "300" },
      { name: "and it has no worker", linger: "0" },
    ])(
      "when a message is sent $name: it is not taken, what was taken is kept, and with room it goes on",
      async (row) => {
        await using world = await createWorld({ script: () => say("Well.") });
        await using disk = await smallDisk(world.home);
        await using broker = brokerOn(world, disk);
        const id = await broker.start("Begin", "--read-only", "--linger", row.linger, "--wait");
        if (row.linger === "0") await untilGone(world);
        const before = await readFile(join(broker.folder(id), "events.jsonl"), "utf8");
        disk.fill();
        const refused = await broker("send", id, "More");
        expect(refused).toMatchObject({ code: 1 });
        expect(refused.stderr).toMatch(ONE_LINE);
        expect(refused.stderr).toContain("ENOSPC");
        expect(await broker("status", id)).toMatchObject({
          code: 0,
          keys: { pending_count: "0", last_run_status: "completed" },
        });
        expect(await readFile(join(broker.folder(id), "events.jsonl"), "utf8")).toBe(before);
        await makeRoom(disk);
        expect(await readdir(join(broker.folder(id), "queue"))).toEqual([]);
        expect(await broker("send", id, "Again", "--wait")).toMatchObject({ code: 0 });
        expect(tasksIn(world.model.requests.at(-1))).toEqual(["Begin", "Again"]);
      },
    );
  });

  inMatrix(() => {
    test.each([
      { name: "so that the run cannot be reported", padded: false },
      { name: "so that not even its end can be journaled", padded: true },
    ])("in the middle of a run, $name: what waits is kept, and with room it goes on", async ({ padded }) => {
      await using world = await createWorld({ script: gated, git: false });
      await using disk = await smallDisk(world.home);
      await using broker = brokerOn(world, disk);
      const id = await broker.start("Begin", "--read-only");
      await world.model.asked(1);
      await broker("send", id, "Next");
      if (padded) await pad(broker, id);
      disk.fill();
      await open(world);
      const waited = await broker("wait", id);
      expect(waited.code).toBe(1);
      if (padded) expect(waited.stderr).toMatch(ONE_LINE);
      if (padded) await untilGone(world);
      await makeRoom(disk);
      expect(await broker("status", id)).toMatchObject({
        code: 0,
        keys: {
          status: "attention_required",
          last_run_status: padded ? "interrupted" : "error",
          error_kind: padded ? "worker_lost" : "system",
          pending_count: "1",
          worker: padded ? "none" : "alive",
        },
      });
      expect(await broker("resume", id, "--wait")).toMatchObject({ code: 0, keys: { pending_count: "0" } });
      expect(tasksIn(world.model.requests.at(-1))).toEqual(["Begin", "Next"]);
      expectBalanced(await accountsOf(broker, id, { torn: true }));
    });
  });

  inMatrix(() => {
    test("does not keep a session from being stopped", async () => {
      await using world = await createWorld({ script: gated, git: false });
      await using disk = await smallDisk(world.home);
      await using broker = brokerOn(world, disk);
      const id = await broker.start("Begin", "--read-only");
      await world.model.asked(1);
      await pad(broker, id);
      disk.fill();
      expect((await broker("stop", id)).stderr).toMatch(ONE_LINE);
      expect(await world.processes()).toEqual([]);
      await makeRoom(disk);
      expect(await broker("stop", id)).toMatchObject({ code: 0, keys: { status: "stopped" } });
      expect(await payloadsOf(broker, id, "run_finished")).toMatchObject([{ status: "interrupted" }]);
    });
  });
});

test.runIf(canMount)(
  "a disk that can only be read: it is told by those who look, and in one line by those who write",
  async () => {
    await using world = await createWorld({ script: () => say("Well.") });
    await using disk = await smallDisk(world.home);
    await using broker = brokerOn(world, disk);
    const id = await broker.start("Begin", "--read-only", "--linger", "0", "--wait");
    await untilGone(world);
    await remountReadOnly(disk);
    for (const command of [
      ["start", "Other"],
      ["send", id, "More"],
      ["resume", id],
    ]) {
      const refused = await broker(...command);
      expect(refused).toMatchObject({ code: 1 });
      expect(refused.stderr).toMatch(ONE_LINE);
      expect(refused.stderr).toContain("EROFS");
    }
    for (const command of ["status", "wait", "summary", "logs"])
      expect(await broker(command, id)).toMatchObject({ code: 0, stderr: "" });
    expect(await broker("list")).toMatchObject({ code: 0, stderr: "" });
    await execa("mount", ["-o", "remount,rw", disk.path]);
    expect(await broker("send", id, "More", "--wait")).toMatchObject({ code: 0 });
    expect(tasksIn(world.model.requests.at(-1))).toEqual(["Begin", "More"]);
  },
);

describe("a damaged file", () => {
  inMatrix(() => {
    test("state.json: it is named and kept, the other sessions are shown, and without it the journal tells all", async () => {
      await using world = await createWorld({ script: () => say("Well.") });
      await using broker = brokerIn(world);
      const [id, other] = [await finished(broker, world), await finished(broker, world)];
      const path = join(broker.folder(id), "state.json");
      const whole = await broker.state(id);
      for (const damage of ['{"broker_id":', "{}", ""]) {
        await writeFile(path, damage);
        const writers =
          damage === ""
            ? [
                ["send", id, "More"],
                ["resume", id],
                ["stop", id],
                ["wait", id],
              ]
            : [];
        for (const command of [["status", id], ...writers]) {
          const refused = await broker(...command);
          expect(refused).toMatchObject({ code: 1 });
          expect(refused.stderr).toMatch(ONE_LINE);
          expect(refused.stderr).toContain(path);
        }
        const listed = await broker("list");
        expect(listed.code).toBe(1);
        expect(listed.stdout).toContain(other);
        expect(listed.stderr).toContain(path);
        expect(await readFile(path, "utf8")).toBe(damage);
      }
      await rm(path);
      expect(await broker("status", id)).toMatchObject({ code: 0, keys: { last_run_status: "completed" } });
      expect(await broker.state(id)).toMatchObject({ ...whole, latest_progress: "" });
      expect(await broker("send", id, "More", "--wait")).toMatchObject({ code: 0 });
      expect(tasksIn(world.model.requests.at(-1))).toEqual(["Begin", "More"]);
    });
  });

  test("the journal's last line was cut off: the session goes on behind it", async () => {
    await using world = await createWorld({ script: () => say("Well.") });
    await using broker = brokerIn(world);
    const id = await finished(broker, world);
    const path = join(broker.folder(id), "events.jsonl");
    const before = await readFile(path, "utf8");
    await appendFile(path, '{"timestamp":"2026-01-0');
    expect(await broker("send", id, "More", "--wait")).toMatchObject({ code: 0 });
    expect(tasksIn(world.model.requests.at(-1))).toEqual(["Begin", "More"]);
    const after = (await readFile(path, "utf8")).slice(before.length).split("\n");
    expect(after[0]).toBe('{"timestamp":"2026-01-0');
    expect(after.slice(1, -1).map((line) => JSON.parse(line).type)).toContain("run_finished");
  });

  test("a line in the middle of the journal: the session goes on, and nothing runs again", async () => {
    await using world = await createWorld({ script: () => say("Well.") });
    await using broker = brokerIn(world);
    const id = await finished(broker, world);
    await broker("send", id, "More", "--wait");
    await untilGone(world);
    const path = join(broker.folder(id), "events.jsonl");
    const lines = (await readFile(path, "utf8")).split("\n");
    // Each of them but the first, one after the other.
    for (const index of lines.keys()) {
      if (index === 0 || lines[index] === "") continue;
      await writeFile(path, lines.with(index, `\0${lines[index]?.slice(20)}`).join("\n"));
      await rm(join(broker.folder(id), "state.json"));
      // What `status` prints, without its process.
      expect(await inspectSession(broker.folder(id))).toMatchObject({ state: { pending_count: 0 }, worker: "none" });
    }
    expect(await broker("send", id, "And more", "--wait")).toMatchObject({ code: 0 });
    expect(tasksIn(world.model.requests.at(-1))).toEqual(["Begin", "More", "And more"]);
  });

  inMatrix(() => {
    test("the journal's beginning: it is named and kept, and the others go on", async () => {
      await using world = await createWorld({ script: () => say("Well.") });
      await using broker = brokerIn(world);
      const [id, other] = [await finished(broker, world), await finished(broker, world)];
      const path = join(broker.folder(id), "events.jsonl");
      const damaged = `{"${(await readFile(path, "utf8")).slice(30)}`;
      await writeFile(path, damaged);
      const refused = await broker("send", id, "More", "--key", "k");
      expect(refused).toMatchObject({ code: 1 });
      expect(refused.stderr).toMatch(ONE_LINE);
      expect(refused.stderr).toContain(path);
      expect(await readFile(path, "utf8")).toBe(damaged);
      expect(await broker("send", other, "More", "--wait")).toMatchObject({ code: 0 });
    });

    test("in the queue: it is kept and named, and the other messages run", async () => {
      await using world = await createWorld({ script: gated });
      await using broker = brokerIn(world);
      const id = await broker.start("Begin", "--read-only");
      await world.model.asked(1);
      await broker("send", id, "One");
      await broker("send", id, "Two");
      const queue = join(broker.folder(id), "queue");
      const [, damaged = ""] = (await readdir(queue)).filter((name) => name.endsWith(".json")).sort();
      await writeFile(join(queue, damaged), '{"message":"On');
      await open(world);
      expect(await broker("wait", id)).toMatchObject({ code: 0, keys: { pending_count: "0" } });
      expect(tasksIn(world.model.requests.at(-1))).toEqual(["Begin", "Two"]);
      expect(await readdir(queue)).toEqual([`${damaged}.damaged`]);
      expect((await broker("logs", id)).stdout).toContain(join(queue, `${damaged}.damaged`));
    });
  });
});

describe("what a crash, a clock or a number leaves", () => {
  inMatrix(() => {
    test("a clock that goes back does not change the order of the queue", async () => {
      await using world = await createWorld({ script: gated });
      await using broker = brokerIn(world);
      const id = await broker.start("Begin", "--read-only");
      await world.model.asked(1);
      await broker("send", id, "One");
      const queue = join(broker.folder(id), "queue");
      const [, one = ""] = (await readdir(queue)).sort();
      // As if it had been sent in the year 2100, by the clock of then.
      await rename(join(queue, one), join(queue, one.replace(/^\d{15}/, String(Date.UTC(2100)).padStart(15, "0"))));
      await broker("send", id, "Two");
      await broker("send", id, "Three");
      expect((await queueOf(broker, id)).map(({ message }) => message)).toEqual(["Begin", "One", "Two", "Three"]);
      await broker("send", id, "First", "--interrupt");
      expect(await broker("wait", id)).toMatchObject({ code: 0, keys: { pending_count: "0" } });
      expect(tasksIn(world.model.requests.at(-1))).toEqual(["Begin", "First", "One", "Two", "Three"]);
    });
  });

  test("the socket and the hold of a killed worker are in nobody's way", async () => {
    await using world = await createWorld({ script: () => say("Well.") });
    await using broker = brokerIn(world);
    const id = await broker.start("Begin", "--wait");
    await kill(await workerOf(broker, id));
    const left = await readdir(broker.folder(id));
    expect(left).toEqual(expect.arrayContaining(["worker.sock", "worker.hold"]));
    expect(await broker("send", id, "More", "--wait")).toMatchObject({ code: 0, keys: { worker: "alive" } });
    expect(tasksIn(world.model.requests.at(-1))).toEqual(["Begin", "More"]);
  });

  inMatrix(() => {
    test("a hold whose number is another process's by now counts for nothing", async () => {
      await using world = await createWorld({ script: () => say("Well.") });
      await using broker = brokerIn(world);
      const id = await finished(broker, world);
      const { session_id } = await broker.state(id);
      const hold = JSON.stringify({ pid: process.pid, startedAt: "1", runId: id, session: broker.folder(id) });
      await writeFile(join(broker.folder(id), "worker.hold"), hold);
      await writeFile(join(world.state, "threads", `${session_id}.hold`), hold);
      expect((await broker("status", id)).keys).toMatchObject({ worker: "none" });
      expect(await broker("send", id, "More", "--wait")).toMatchObject({ code: 0 });
      await writeFile(
        join(world.state, "sessions", ".starting"),
        JSON.stringify({ pid: process.pid, startedAt: "1", runId: newId() }),
      );
      expect(await broker("start", "Other", "--wait")).toMatchObject({ code: 0 });
    });

    test("a folder whose path no socket could have works like any other", async () => {
      await using world = await createWorld({ script: () => say("Well.") });
      const deep = join(world.home, "deep ".repeat(30).trim(), "deeper ".repeat(30).trim());
      await mkdir(deep, { recursive: true });
      await using broker = brokerIn({ ...world, state: deep, env: { ...world.env, ASK_CODEX_HOME: deep } });
      const id = await broker.start("Begin", "--wait");
      expect(broker.folder(id).length).toBeGreaterThan(400);
      expect((await broker("status", id)).keys).toMatchObject({ worker: "alive" });
      expect((await stat(join(broker.folder(id), "worker.sock"))).mode & 0o777).toBe(0o600);
      expect(await broker("send", id, "More", "--wait")).toMatchObject({ code: 0, keys: { delivered: "started" } });
      expect(await broker("stop", id)).toMatchObject({ code: 0, keys: { worker: "ended" } });
    });
  });
});

/** The state folder is the small disk. */
function brokerOn(world: World, { path }: SmallDisk): Broker {
  return brokerIn({ ...world, state: path, env: { ...world.env, ASK_CODEX_HOME: path } });
}

/** Makes the journal of a session whose turn runs fill its last page, so that the next line needs another. */
async function pad(broker: Broker, id: string): Promise<void> {
  // The last that is journaled before the turn ends.
  await until(async () => ((await payloadsOf(broker, id, "thread_opened")).length > 0 ? true : undefined));
  const journal = join(broker.folder(id), "events.jsonl");
  const line = (padding: string) => `${JSON.stringify({ timestamp: "", type: "padding", payload: { padding } })}\n`;
  const { size } = await stat(journal);
  const room = PAGE - ((size + line("").length) % PAGE);
  await appendFile(journal, line("x".repeat(room)));
}

const PAGE = 4096;

/** A process that has ended may not have closed its files yet. */
async function remountReadOnly({ path }: SmallDisk): Promise<void> {
  await until(async () => {
    const { exitCode } = await execa("mount", ["-o", "remount,ro", path], { reject: false });
    return exitCode === 0 || undefined;
  });
}

async function makeRoom({ path }: SmallDisk): Promise<void> {
  await rm(join(path, "ballast"));
}

async function open({ workspace }: World): Promise<void> {
  await writeFile(join(workspace, "go"), "");
}

/** A session whose first message is done and whose worker has left. */
async function finished(broker: Broker, world: World): Promise<string> {
  const id = await broker.start("Begin", "--read-only", "--linger", "0", "--wait");
  await untilGone(world);
  return id;
}
