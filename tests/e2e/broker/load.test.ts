import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { brokerIn } from "../../support/broker.ts";
import { run, say } from "../../support/model/replies.ts";
import type { Script } from "../../support/model/server.ts";
import { tasksIn } from "../../support/model/wire.ts";
import { testUnderLoad } from "../../support/trials.ts";
import { untilGone } from "../../support/until.ts";
import { createWorld } from "../../support/world.ts";
import { accountsOf, expectAskedOnce, expectBalanced, expectWholeFiles } from "./session-accounts.ts";

testUnderLoad(
  "50 sessions started at once: every one finishes, none shares a file with another, no process is left",
  async () => {
    await using world = await createWorld({ script: answering });
    await using broker = brokerIn(world);
    const tasks = Array.from({ length: 50 }, (_, index) => `task-${index + 100}`);
    // Most of them read; some write, and are told that others do.
    const flagsOf = (index: number) => (index % 10 === 0 ? ["--allow-shared-worktree"] : ["--read-only"]);
    const started = await Promise.all(
      tasks.map((task, index) => broker("start", task, "--name", task, "--linger", "0", ...flagsOf(index))),
    );
    expect(started.filter(({ code }) => code !== 0)).toEqual([]);
    const ids = started.map(({ keys }) => keys["broker_id"] ?? "");
    expect(new Set(ids).size).toBe(50);
    expect(await broker("wait", ...ids, "--timeout", "0")).toMatchObject({ code: 0, stderr: "" });
    await untilGone(world);
    const threads = new Set<string>();
    for (const [index, id] of ids.entries()) {
      const state = await broker.state(id);
      expect(state).toMatchObject({
        name: tasks[index],
        status: "waiting_input",
        last_run_status: "completed",
        pending_count: 0,
      });
      threads.add(state.session_id ?? "");
      const journal = await readFile(join(broker.folder(id), "events.jsonl"), "utf8");
      for (const text of [await readFile(join(broker.folder(id), "latest.md"), "utf8"), journal])
        expect([...new Set(text.match(/task-\d+/g))]).toEqual([tasks[index]]);
      expect(await readdir(join(broker.folder(id), "runs"))).toHaveLength(1);
      expectBalanced(await accountsOf(broker, id));
    }
    expect(threads.size).toBe(50);
    expectAskedOnce(world.model.requests);
    await expectWholeFiles(world.state);
    expect((await readdir(join(world.state, "threads"))).filter((name) => !name.endsWith(".json"))).toEqual([]);
    expect((await broker("list")).stdout.trim().split("\n")).toHaveLength(50);
  },
);

testUnderLoad(
  "10 sessions with many commands each, all at once: each has its own messages, in the end all of them",
  async () => {
    await using world = await createWorld({ script: () => say("Well.") });
    await using broker = brokerIn(world);
    const names = Array.from({ length: 10 }, (_, index) => `s${index}`);
    const all = names.map(async (name) => {
      const id = await broker.start(`${name}-begin`, "--read-only", "--linger", "1");
      const texts = [`${name}-a`, `${name}-b`];
      const commands = [...texts.map((text) => ["send", id, text]), ["status", id], ["logs", id]];
      const ended = await Promise.all(commands.map((args) => broker(...args)));
      expect(ended.map(({ code, stderr }) => [code, stderr])).toEqual(commands.map(() => [0, ""]));
      expect(await broker("wait", id)).toMatchObject({
        code: 0,
        keys: { pending_count: "0", last_run_status: "completed" },
      });
      const accounts = await accountsOf(broker, id);
      expectBalanced(accounts);
      expect([...accounts.values()].map(({ text }) => text).toSorted()).toEqual([...texts, `${name}-begin`].toSorted());
    });
    await Promise.all(all);
    expectAskedOnce(world.model.requests);
    await untilGone(world);
  },
);

/** One command and an answer with the task in it. */
const answering: Script = (request) => {
  const task = tasksIn(request).at(-1);
  return request.body.input.at(-1)?.type === "function_call_output" ? say(`Done: ${task}.`) : run(`echo ${task}`);
};
