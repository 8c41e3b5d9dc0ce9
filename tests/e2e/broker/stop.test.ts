import { access, readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ask } from "../../support/ask.ts";
import { brokerIn } from "../../support/broker.ts";
import { run, say, silence } from "../../support/model/replies.ts";
import { tasksIn } from "../../support/model/wire.ts";
import { payloadsOf } from "../../support/session-results.ts";
import { inMatrix } from "../../support/suite.ts";
import { untilGone, untilRunning } from "../../support/until.ts";
import { createWorld } from "../../support/world.ts";

describe("stop", () => {
  test("ends turn, worker and Codex and says they are gone; resume runs what was left, and nothing twice", async () => {
    const script = (request: Parameters<typeof tasksIn>[0]) =>
      tasksIn(request).length === 1 ? run("sleep 600.51") : say("Well.");
    await using world = await createWorld({ script });
    await using broker = brokerIn(world);
    const id = await broker.start("Begin");
    await untilRunning(world, "sleep 600.51");
    await broker("send", id, "Next");
    await broker("send", id, "After that");
    await using waiting = broker.begin("wait", id);
    await broker("status", id);
    const stopped = await broker("stop", id);
    expect(stopped).toMatchObject({ code: 0, stdout: `broker_id=${id}\nstatus=stopped\nworker=ended\n` });
    expect((await world.processes()).map(({ command }) => command)).toEqual([
      ...(waiting.child.exitCode === null ? [expect.stringContaining(` wait ${id}`)] : []),
    ]);
    expect(await waiting.done).toMatchObject({
      code: 143,
      keys: { status: "stopped", last_run_status: "interrupted" },
    });
    const now = await broker("status", id);
    expect(now.keys).toMatchObject({
      status: "stopped",
      worker: "none",
      pending_count: "2",
      last_run_status: "interrupted",
    });
    expect(await readdir(broker.folder(id))).toContain("stop.requested");
    expect(await broker("stop", id)).toMatchObject({
      code: 0,
      stdout: `broker_id=${id}\nstatus=stopped\nworker=none\n`,
    });
    const resumed = await broker("resume", id);
    expect(resumed.stdout).toBe(`broker_id=${id}\npending_count=2\nresumed=true\n`);
    expect(await broker("wait", id)).toMatchObject({ code: 0, keys: { pending_count: "0", status: "waiting_input" } });
    expect(tasksIn(world.model.requests.at(-1))).toEqual(["Begin", "Next", "After that"]);
    expect(await payloadsOf(broker, id, "run_started")).toHaveLength(3);
    expect(await readdir(broker.folder(id))).not.toContain("stop.requested");
  });

  inMatrix(() => {
    test("reaches a worker that is only on its way: nothing runs until somebody says so", async () => {
      let stopped = false;
      // A turn that has begun is still at it when the stop comes.
      await using world = await createWorld({ script: () => (stopped ? say("Well.") : silence()) });
      await using broker = brokerIn(world);
      const ids = await Promise.all([1, 2, 3].map(() => broker.start("--read-only", "Begin")));
      await Promise.all(ids.map((id) => broker("stop", id)));
      expect(await world.processes()).toEqual([]);
      stopped = true;
      for (const id of ids) {
        // What was launched before the stop, and comes up after it.
        expect(await broker("__worker", broker.folder(id))).toMatchObject({ code: 0, stdout: "", stderr: "" });
        const { keys } = await broker("status", id);
        expect(keys).toMatchObject({ status: "stopped", worker: "none" });
        const left = keys["last_run_status"] === "none" ? "1" : "0";
        expect(keys["pending_count"]).toBe(left);
        expect(await broker("resume", id, "--wait")).toMatchObject({ code: left === "1" ? 0 : 143 });
      }
    });

    test("--all stops the sessions of this workspace, and leaves those of others", async () => {
      await using world = await createWorld({ script: () => silence() });
      await using broker = brokerIn(world);
      const [one, other] = [await broker.start("Begin"), await broker.start("--allow-shared-worktree", "Begin")];
      const started = await broker.with({ cwd: world.home }, "start", "Begin");
      const elsewhere = started.keys["broker_id"] ?? "";
      await world.model.asked(3);
      const stopped = await broker("stop", "--all");
      expect(stopped.code).toBe(0);
      expect(stopped.stdout.match(/^broker_id=.*/gm)?.sort()).toEqual(
        [`broker_id=${one}`, `broker_id=${other}`].sort(),
      );
      expect((await broker("status", one)).keys).toMatchObject({ status: "stopped", worker: "none" });
      expect((await broker("status", elsewhere)).keys).toMatchObject({ status: "running", worker: "alive" });
      expect((await broker("stop", "--all", one)).code).toBe(1);
    });
  });

  test("is not an end: the next message goes on in the same thread, a resume with nothing to do changes nothing", async () => {
    await using world = await createWorld({ script: () => say("Well.") });
    await using broker = brokerIn(world);
    const id = await broker.start("Begin", "--wait");
    await broker("stop", id);
    const sent = await broker("send", id, "Go on", "--wait");
    expect(sent).toMatchObject({ code: 0, keys: { delivered: "queued", status: "waiting_input", worker: "alive" } });
    expect(tasksIn(world.model.requests.at(-1))).toEqual(["Begin", "Go on"]);
    const nothingLeft = await broker("resume", id, "--wait");
    expect(nothingLeft).toMatchObject({ code: 0, keys: { pending_count: "0", resumed: "true" } });
    await broker("stop", id);
    const resumed = await broker("resume", id);
    expect(resumed).toMatchObject({ code: 0, keys: { resumed: "false" }, stderr: expect.stringMatching(/Nothing to/) });
    expect((await broker("status", id)).keys).toMatchObject({ status: "stopped", worker: "none" });
    const last = await broker("send", id, "Go on", "--wait");
    expect(last).toMatchObject({ code: 0, keys: { status: "waiting_input" } });
  });
});

describe("a worker without work", () => {
  test("leaves after --linger, with its Codex; the next message starts another and goes on", async () => {
    await using world = await createWorld({ script: () => say("Well.") });
    await using broker = brokerIn(world);
    const id = await broker.start("Begin", "--linger", "1", "--wait");
    await broker("send", id, "Go on", "--wait");
    await untilGone(world);
    expect((await broker("status", id)).keys).toMatchObject({ status: "waiting_input", worker: "none" });
    expect((await readdir(broker.folder(id))).filter((name) => /sock|hold/.test(name))).toEqual([]);
    const sent = await broker("send", id, "And on", "--wait");
    expect(sent).toMatchObject({ code: 0, keys: { delivered: "queued", worker: "alive" } });
    expect(tasksIn(world.model.requests.at(-1))).toEqual(["Begin", "Go on", "And on"]);
    expect((await payloadsOf(broker, id, "worker_stopped"))[0]).toMatchObject({ reason: "linger" });
  });

  inMatrix(() => {
    test("ends at its life limit, whatever it does; what waits is kept", async () => {
      await using world = await createWorld({ script: (_, index) => (index === 0 ? silence() : say("Well.")) });
      await using broker = brokerIn(world);
      // Long enough for `send` on a busy machine: a worker that had ended by then would be followed by another.
      const id = await broker.start("Begin", "--life-limit", "8");
      await broker("send", id, "Next");
      await untilGone(world);
      const left = await broker("status", id);
      expect(left.keys).toMatchObject({ worker: "none", last_run_status: "interrupted", pending_count: "1" });
      expect(await payloadsOf(broker, id, "worker_stopped")).toMatchObject([{ reason: "life limit" }]);
      expect(world.model.requests.length).toBeLessThan(2);
    });
  });
});

describe("clean", () => {
  inMatrix(() => {
    test("removes what is finished and old, and keeps what is served or waits", async () => {
      await using world = await createWorld({ script: (_, index) => (index === 1 ? silence() : say("Well.")) });
      await using broker = brokerIn(world);
      const asked = await ask(world, ["Begin"]);
      const waiting = await broker.start("Begin");
      await world.model.asked(2);
      await broker("send", waiting, "Next");
      await broker("stop", waiting);
      const served = await broker.start("--wait", "Begin");
      const done = await broker.start("--wait", "Begin");
      await broker("stop", done);
      const runs = join(world.state, "runs", asked.keys.run_id ?? "");
      expect(await broker("clean")).toMatchObject({ code: 0, stdout: "count=0\n" });
      const dry = await broker("clean", "--older-than", "0m", "--dry-run");
      expect(dry.stdout.trim().split("\n").sort()).toEqual([
        "count=4",
        expect.stringMatching(`^kept=${broker.folder(waiting)} \\(.*1 .*\\)$`),
        expect.stringMatching(`^kept=${broker.folder(served)} \\(.*serves.*\\)$`),
        `would_remove=${runs}`,
        `would_remove=${broker.folder(done)}`,
        // What is known of the two conversations; those of the sessions that stay are needed to go on with them.
        ...[1, 2].map(() => expect.stringMatching(/^would_remove=.*\/threads\/[^/]+\.json$/)),
      ]);
      expect(await there(broker.folder(done), runs)).toEqual([true, true]);
      expect((await broker("clean", "--older-than", "0m")).stdout).toContain("count=4\n");
      expect(await there(broker.folder(done), runs, broker.folder(served), broker.folder(waiting))).toEqual([
        ...[false, false, true, true],
      ]);
      expect(await broker("resume", waiting, "--wait")).toMatchObject({ code: 0 });
      expect((await broker("send", served, "Go on", "--wait")).code).toBe(0);
      for (const age of ["7", "d", "-1d", "1y", ""]) {
        const refused = await broker("clean", `--older-than=${age}`);
        expect(refused).toMatchObject({
          code: 1,
          stdout: "",
          stderr: expect.stringMatching(/^\[ERROR\] .*--older-than.*\n$/),
        });
      }
    });
  });
});

async function there(...paths: readonly string[]): Promise<readonly boolean[]> {
  return Promise.all(
    paths.map((path) =>
      access(path).then(
        () => true,
        () => false,
      ),
    ),
  );
}
