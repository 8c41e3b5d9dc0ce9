import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { brokerIn } from "../../support/broker.ts";
import { http, run, say, silence } from "../../support/model/replies.ts";
import { tasksIn } from "../../support/model/wire.ts";
import { payloadsOf } from "../../support/session-results.ts";
import { inMatrix, withCases } from "../../support/suite.ts";
import { untilGone } from "../../support/until.ts";
import { createWorld } from "../../support/world.ts";
import { untilThere } from "./long-command.ts";

describe.concurrent("a turn that takes too long", () => {
  inMatrix(() => {
    test("ends as timeout, exit 2, with what there was of it; the session goes on", async () => {
      const endless = say("word ".repeat(200), { chunks: 200, pauseMs: 50 });
      await using world = await createWorld({ git: false, script: [endless, say("Here I am.")] });
      await using broker = brokerIn(world);
      const started = await broker("start", "--timeout", "2", "Count");
      const id = started.keys["broker_id"] ?? "";
      const ended = await broker("wait", id);
      expect(ended).toMatchObject({
        code: 2,
        keys: {
          status: "attention_required",
          last_run_status: "timeout",
          last_exit_code: "2",
          error_kind: "total_timeout",
        },
      });
      const report = await readFile(ended.keys["last_output_path"] ?? "", "utf8");
      expect(report.split("### Partial output (before timeout)")[1]).toContain("word word");
      expect((await broker("summary", id)).stdout).toContain("## Codex Timeout");
      const next = await broker("send", id, "Go on", "--wait");
      expect(next).toMatchObject({ code: 0, keys: { session_id: ended.keys.session_id, status: "waiting_input" } });
      expect(tasksIn(world.model.requests.at(-1))).toEqual(["Count", "Go on"]);
    });
  });

  test("does not keep what waits behind it, and leaves none of its commands", async () => {
    const script = [run("sleep 600.41"), say("Next."), silence()];
    await using world = await createWorld({ git: false, script });
    await using broker = brokerIn(world);
    const id = await broker.start("--idle-timeout", "1", "Sleep");
    await broker("send", id, "Next");
    expect(await broker("wait", id)).toMatchObject({
      code: 0,
      keys: { last_run_status: "completed", pending_count: "0" },
    });
    const statuses = (await payloadsOf(broker, id, "run_finished")).map(({ status }) => status);
    expect(statuses).toEqual(["timeout", "completed"]);
    expect((await world.processes()).filter(({ command }) => command.includes("600.41"))).toEqual([]);
  });
});

describe("a failure that the next message would meet as well", () => {
  const alive = { name: "not logged in", linger: "300", reply: http(401), kind: "auth" };
  const gone = { name: "not logged in, and the worker gone meanwhile", linger: "0", reply: http(401), kind: "auth" };
  withCases({ change: [alive], matrix: [gone] }, (cases) => {
    test.each(cases)(
      "holds the queue: $name; resume goes on, and so does the next message",
      async ({ linger, reply, kind }) => {
        const asked = new Set<string>();
        const script = (request: Parameters<typeof tasksIn>[0]) => {
          const task = tasksIn(request).at(-1) ?? "";
          const again = asked.has(task);
          asked.add(task);
          return task === "Gate" && !again ? untilThere("go") : task.startsWith("Bad") ? reply : say("Well.");
        };
        await using world = await createWorld({ script });
        await using broker = brokerIn(world);
        const id = await broker.start("--linger", linger, "Gate");
        await world.model.asked(1);
        for (const message of ["Bad 1", "2", "Bad 3", "4"]) await broker("send", id, message);
        await writeFile(join(world.workspace, "go"), "");
        const failed = await broker("wait", id);
        expect(failed).toMatchObject({
          code: 3,
          keys: { status: "attention_required", last_run_status: "fatal_error", error_kind: kind, pending_count: "3" },
        });
        expect(failed.keys["queue_held"]).toBe("true");
        if (linger === "0") await untilGone(world);
        const resumed = await broker("resume", id, "--wait");
        expect(resumed).toMatchObject({
          code: 3,
          keys: { resumed: "true", pending_count: "1", last_run_status: "fatal_error" },
        });
        if (linger === "0") await untilGone(world);
        expect(await broker("send", id, "5", "--wait")).toMatchObject({ code: 0, keys: { pending_count: "0" } });
        const ran = (await payloadsOf(broker, id, "run_started")).map(({ message }) => message);
        expect(ran).toEqual(["Gate", "Bad 1", "2", "Bad 3", "4", "5"]);
      },
    );
  });

  inMatrix(() => {
    test("is also a model that cannot be reached, or a Codex that is not there; nothing of the session is lost", async () => {
      await using world = await createWorld({ script: () => say("Well.") });
      await using broker = brokerIn(world);
      const env = { ASK_CODEX_COMMAND: "/nowhere/codex" };
      const started = await broker.with({ env }, "start", "Begin", "--linger", "0", "--wait");
      expect(started).toMatchObject({ code: 3, keys: { last_run_status: "fatal_error", error_kind: "codex_missing" } });
      const id = started.keys["broker_id"] ?? "";
      await untilGone(world);
      const offline = ["--config", 'model_providers.scripted.base_url="http://127.0.0.1:9/v1"', "--retry-window", "1"];
      expect(await broker("send", id, "Go on", "--wait")).toMatchObject({
        code: 0,
        keys: { last_run_status: "completed" },
      });
      const away = await broker("start", ...offline, "Begin", "--wait");
      expect(away).toMatchObject({ code: 3, keys: { last_run_status: "fatal_error", error_kind: "network" } });
    });
  });
});
