import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ask } from "../../support/ask.ts";
import { git } from "../../support/git/git.ts";
import { batch, obedient, repositoryFacts, taskLines } from "../../support/model/batches.ts";
import { http } from "../../support/model/replies.ts";
import { tasksIn, toldTo } from "../../support/model/wire.ts";
import { inMatrix } from "../../support/suite.ts";
import { createWorld, type World } from "../../support/world.ts";

const FILES = { "a.txt": "a\n", "b.txt": "b\n", "c.txt": "1\n2\n3\n4\n5\n6\n7\n8\n9\n" };
const read = (world: World, path: string) => readFile(join(world.workspace, path), "utf8");

describe("results that hold", () => {
  test("come into the work tree in one step, each task on top of those it waits for", async () => {
    await using world = await createWorld({ files: FILES, script: obedient });
    const before = await repositoryFacts(world);
    const tasks = [
      { id: "sum", prompt: "RUN: cat a.txt b.txt > sum.txt", after: ["one", "two"], files: ["sum.txt"] },
      { id: "one", prompt: "RUN: echo one > a.txt; echo $ASK_CODEX_SLOT $ASK_CODEX_PORT_BASE > slot-one.txt" },
      { id: "two", prompt: "RUN: echo two > b.txt", files: ["b.txt"], verify_cmd: "grep -q two b.txt" },
      { id: "look", prompt: "Say what you see.", sandbox: "read-only" },
    ];
    const ended = await batch(world, { tasks }, ["--check", "test -f sum.txt && grep -q one a.txt"]);
    expect(ended.stderr).not.toContain("[ERROR]");
    expect([ended.code, ended.keys.status, ended.keys["tasks"]]).toEqual([0, "completed", "4/4"]);
    expect(taskLines(ended)).toEqual({
      sum: "status=completed files=1 applied=yes",
      one: "status=completed files=2 applied=yes",
      two: "status=completed files=1 applied=yes",
      look: "status=completed files=0 applied=yes",
    });
    expect([await read(world, "sum.txt"), await read(world, "a.txt")]).toEqual(["one\ntwo\n", "one\n"]);
    expect(await read(world, "slot-one.txt")).toMatch(/^[012] 20[012]00\n$/);
    expect(await repositoryFacts(world)).toEqual({
      ...before,
      "status --porcelain": " M a.txt\n M b.txt\n?? slot-one.txt\n?? sum.txt",
    });
    expect(ended.report).toContain("4/4 clean");

    const unknown = await ask(world, ["batch", "status", "nope"]);
    expect([unknown.code, unknown.stderr]).toEqual([
      1,
      expect.stringContaining(`The last ones: ${ended.keys["batch_id"]}.`),
    ]);
    const status = await ask(world, ["batch", "status", "--json"]);
    expect(JSON.parse(status.stdout)).toMatchObject({ status: "completed", coordinator: "done", clean: 4 });
    expect((await ask(world, ["batch", "watch"])).stdout).toMatch(/^4\/4 clean/);
    const stats = await ask(world, ["stats", "--json"]);
    expect(JSON.parse(stats.stdout)).toMatchObject({ batches: 1 });
    const retried = await ask(world, ["batch", "--resume", ended.keys["batch_id"] ?? "", "--retry", "one"]);
    expect([retried.code, retried.stderr]).toEqual([1, expect.stringContaining("its result is clean")]);
  });

  inMatrix(() => {
    test("are kept as a branch where the work tree was edited meanwhile", async () => {
      await using world = await createWorld({ files: FILES, script: obedient });
      const tasks = [{ id: "one", prompt: `RUN: echo one > a.txt` }];
      const plan = { tasks, merge: "apply" };
      const edit = writeFile(join(world.workspace, "a.txt"), "the user's\n");
      await edit;
      const ended = await batch(world, plan);
      expect([ended.code, ended.keys.status, ended.keys.error_kind]).toEqual([1, "failed", "not_applied"]);
      expect(await read(world, "a.txt")).toBe("the user's\n");
      expect(await git(world.workspace, "show", `${ended.keys["branch"]}:a.txt`)).toBe("one");
      expect(await git(world.workspace, "log", "-1", "--format=%s", ended.keys["branch"] ?? "")).toMatch(/^one: RUN/);
    });
  });
});

describe("results that do not go together", () => {
  test("a conflicting task gets a second try on top of the others, in its own session", async () => {
    await using world = await createWorld({ files: FILES, script: obedient });
    const tasks = [
      { id: "one", prompt: "RUN: sed -i s/5/five/ c.txt" },
      { id: "two", prompt: "RUN: sed -i s/5/fünf/ c.txt\nAGAIN: sed -i s/five/five-fünf/ c.txt" },
    ];
    const ended = await batch(world, { tasks });
    expect(taskLines(ended)).toEqual({
      one: "status=completed files=1 applied=yes",
      two: "status=completed files=1 applied=yes",
    });
    expect([ended.code, await read(world, "c.txt")]).toEqual([0, "1\n2\n3\n4\nfive-fünf\n6\n7\n8\n9\n"]);
    const second = world.model.requests.map(tasksIn).find((told) => told.length === 2);
    expect(second).toEqual([
      tasks[1]?.prompt,
      expect.stringContaining("Your change conflicts with other work in: c.txt."),
    ]);
  });

  inMatrix(() => {
    test("a second try that changes nothing leaves it out, with both sides; the rest is applied", async () => {
      await using world = await createWorld({ files: FILES, script: obedient });
      const tasks = [
        { id: "one", prompt: "RUN: sed -i s/5/five/ c.txt" },
        { id: "two", prompt: "RUN: sed -i s/5/fünf/ c.txt\nAGAIN: true" },
        { id: "behind", prompt: "RUN: echo x > x.txt", after: ["two"] },
      ];
      const ended = await batch(world, { tasks });
      expect([ended.code, ended.keys.status, ended.keys.error_kind]).toEqual([1, "partial", "batch_incomplete"]);
      expect(taskLines(ended)).toMatchObject({
        one: "status=completed files=1 applied=yes",
        two: "status=left_out files=1 applied=conflict",
        behind: "status=blocked files=1 applied=no",
      });
      expect(await read(world, "c.txt")).toContain("five");
      const kept = (side: string) =>
        readFile(join(world.state, "batches", ended.keys["batch_id"] ?? "", "conflicts/two", side, "c.txt"), "utf8");
      expect([await kept("ours"), await kept("theirs")]).toEqual([
        expect.stringContaining("five"),
        expect.stringContaining("fünf"),
      ]);
    });
  });

  inMatrix(() => {
    test("the culprit of a red check on all of them is left out and named; a check that fails once is flaky", async () => {
      await using world = await createWorld({ files: FILES, script: obedient });
      const tasks = ["p", "r", "s"].map((id) => ({ id, prompt: `RUN: echo ${id} > ${id}.txt` }));
      const once = join(world.temp, "once");
      const ended = await batch(world, { tasks }, [
        "--check",
        `test -e '${once}' || { touch '${once}'; exit 1; }; test ! -e r.txt`,
      ]);
      expect(ended.code).toBe(1);
      expect(taskLines(ended)).toMatchObject({
        p: "status=completed files=1 applied=yes",
        r: "status=left_out files=1 applied=no",
        s: "status=completed files=1 applied=yes",
      });
      expect(ended.stderr).toContain("culprit (r): --check fails with this result");
      expect(await git(world.workspace, "status", "--porcelain")).toBe("?? p.txt\n?? s.txt");
    });
  });

  inMatrix(() => {
    test("a change out of its files is a broken contract, and is not applied", async () => {
      await using world = await createWorld({ files: FILES, script: obedient });
      const tasks = [{ id: "one", prompt: "RUN: echo one > a.txt; echo one > b.txt", files: ["a.txt"] }];
      const ended = await batch(world, { tasks });
      expect([ended.code, ended.keys.status]).toEqual([5, "contract_violation"]);
      expect(ended.stderr).toContain("changed outside of its files: b.txt");
      expect(await git(world.workspace, "status", "--porcelain")).toBe("");
    });
  });
});

describe("limits of the provider", () => {
  inMatrix(() => {
    test("a rate limit gives the task back, and the batch goes on with half as many at once", async () => {
      let limited = 0;
      await using world = await createWorld({
        files: FILES,
        script: (request) => {
          const isFirst = (toldTo(request).at(-1) ?? "").includes("RUN: echo two") && limited++ === 0;
          return isFirst
            ? http(429, { error: { type: "rate_limit_exceeded", message: "slow down" } })
            : obedient(request);
        },
      });
      const tasks = [
        { id: "one", prompt: "RUN: echo one > a.txt" },
        { id: "two", prompt: "RUN: echo two > b.txt" },
      ];
      const ended = await batch(world, { tasks });
      expect([ended.code, ended.keys["tasks"]]).toEqual([0, "2/2"]);
      expect(ended.stderr).toContain("rate limit: two waits again, 1 at once from now on");
    });
  });

  inMatrix(() => {
    test("a used-up quota stops what has not begun; --resume goes on without running anything twice", async () => {
      let open = false;
      await using world = await createWorld({
        files: FILES,
        script: (request) => {
          const isSecond = (toldTo(request).at(-1) ?? "").includes("RUN: echo two");
          return isSecond && !open
            ? http(429, {
                error: { type: "usage_limit_reached", message: "none left", plan_type: "plus", resets_in_seconds: 60 },
              })
            : obedient(request);
        },
      });
      const tasks = ["one", "two", "three"].map((id) => ({ id, prompt: `RUN: echo ${id} > ${id}.txt` }));
      const stopped = await batch(world, { tasks }, ["--parallel", "1"]);
      expect([stopped.code, stopped.keys.status, stopped.keys.error_kind]).toEqual([3, "fatal", "usage_limit"]);
      expect(taskLines(stopped)).toMatchObject({
        one: "status=completed files=1 applied=no",
        two: "status=fatal files=0 applied=no",
        three: "status=not_started files=0 applied=no",
      });
      expect(await git(world.workspace, "status", "--porcelain")).toBe("");
      open = true;
      const asked = world.model.requests.length;
      const ended = await ask(world, ["batch", "--resume", stopped.keys["batch_id"] ?? ""]);
      expect([ended.code, ended.keys["tasks"]]).toEqual([0, "3/3"]);
      const later = world.model.requests.slice(asked).map((request) => toldTo(request).at(-1));
      expect(later.filter((text) => text?.includes("echo one"))).toEqual([]);
      expect(await git(world.workspace, "status", "--porcelain")).toBe("?? one.txt\n?? three.txt\n?? two.txt");
    });
  });
});
