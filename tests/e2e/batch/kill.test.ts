import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Asked, ask } from "../../support/ask.ts";
import { git } from "../../support/git/git.ts";
import { batch, obedient, repositoryFacts, startBatch, taskLines } from "../../support/model/batches.ts";
import { run, silence } from "../../support/model/replies.ts";
import { toldTo } from "../../support/model/wire.ts";
import { inMatrix } from "../../support/suite.ts";
import { testAtRandom } from "../../support/trials.ts";
import { until, untilRunning } from "../../support/until.ts";
import { createWorld, type World } from "../../support/world.ts";

const TASKS = [
  { id: "one", prompt: "RUN: echo one > a.txt" },
  { id: "two", prompt: "RUN: echo two > b.txt" },
  { id: "three", prompt: "RUN: cat a.txt b.txt > c.txt", after: ["one", "two"] },
  { id: "four", prompt: "RUN: rm gone.txt; echo four > new.txt", after: ["one"] },
];
const FILES = { "a.txt": "a\n", "b.txt": "b\n", "gone.txt": "g\n" };
const WHOLE = " M a.txt\n M b.txt\n D gone.txt\n?? c.txt\n?? new.txt";

/** The journal of the one batch of a world, as far as it was written. */
function journalOf(
  world: World,
): readonly { readonly type: string; readonly payload: Readonly<Record<string, unknown>> }[] {
  const folder = join(world.state, "batches");
  const [id] = existsSync(folder) ? readdirSync(folder) : [];
  const path = join(folder, id ?? "", "events.jsonl");
  if (id === undefined || !existsSync(path)) return [];
  const lines = readFileSync(path, "utf8").split("\n");
  return lines.slice(0, -1).map((line) => JSON.parse(line));
}

async function untilJournaled(world: World, events: number, ended: () => boolean): Promise<void> {
  while (journalOf(world).length < events && !ended()) await sleep(10);
}

/** Goes on until every task is clean: what was interrupted is retried. */
async function goOn(world: World): Promise<Asked> {
  const [id = ""] = readdirSync(join(world.state, "batches"));
  let ended = await ask(world, ["batch", "--resume", id]);
  const lost = Object.entries(taskLines(ended)).filter(([, line]) => line.startsWith("status=interrupted"));
  if (lost.length === 0) return ended;
  for (const [name] of lost) expect(ended.stderr).toContain(name);
  ended = await ask(world, ["batch", "--resume", id, ...lost.flatMap(([name]) => ["--retry", name])]);
  return ended;
}

const moments = fc.record({ events: fc.integer({ min: 1, max: 16 }), later: fc.integer({ min: 0, max: 400 }) });

testAtRandom(
  "a coordinator that is killed at any moment: --resume runs nothing twice that was finished, and the tree is complete",
  { change: 0, full: 40, timeout: 1_800_000, shrinks: false },
  moments,
  async ({ events, later }) => {
    await using world = await createWorld({ files: FILES, script: obedient });
    const before = await repositoryFacts(world);
    await using asking = startBatch(world, { tasks: TASKS }, ["--check", "test -f c.txt", "--parallel", "2"]);
    let over = false;
    const done = asking.done.then(() => {
      over = true;
    });
    await untilJournaled(world, events, () => over);
    await sleep(later);
    asking.child.kill("SIGKILL");
    await done;
    const finished = journalOf(world)
      .filter(({ type }) => type === "task_finished")
      .map(({ payload }) => payload["id"]);
    const ended = await goOn(world);
    expect([ended.code, ended.keys["tasks"]], ended.stderr).toEqual([0, "4/4"]);
    const all = journalOf(world)
      .filter(({ type }) => type === "task_finished")
      .map(({ payload }) => payload["id"]);
    expect(all.toSorted()).toEqual(["four", "one", "three", "two"]);
    expect(all.slice(0, finished.length)).toEqual(finished);
    expect(await repositoryFacts(world)).toEqual({ ...before, "status --porcelain": WHOLE });
    expect(await git(world.workspace, "diff", "--stat", "HEAD", "--", "gone.txt")).toContain("1 deletion");
    expect(await world.processes()).toEqual([]);
    expect(existsSync(join(world.state, "worktrees")) ? readdirSync(join(world.state, "worktrees")) : []).toEqual([]);
  },
);

inMatrix(() => {
  test("a coordinator that is killed in the middle of --check leaves a worktree, which goes with --resume", async () => {
    await using world = await createWorld({ files: FILES, script: obedient });
    const before = await repositoryFacts(world);
    const gate = join(world.temp, "checking");
    const check = `test -e '${gate}' || { touch '${gate}'; sleep 600; }`;
    await using asking = startBatch(world, { tasks: TASKS.slice(0, 2) }, ["--check", check]);
    await until(async () => existsSync(gate) || undefined);
    asking.child.kill("SIGKILL");
    await asking.done;
    expect(await git(world.workspace, "worktree", "list")).not.toBe(before["worktree list"]);
    const ended = await goOn(world);
    expect([ended.code, ended.keys["tasks"]], ended.stderr).toEqual([0, "2/2"]);
    expect(await repositoryFacts(world)).toEqual({ ...before, "status --porcelain": " M a.txt\n M b.txt" });
    expect(readdirSync(join(world.state, "worktrees"))).toEqual([]);
    const [id = ""] = readdirSync(join(world.state, "batches"));
    expect(readdirSync(join(world.state, "batches", id, "work"))).toEqual([expect.stringMatching(/^check-\w+\.log$/)]);
  });
});

test("a task that was writing when all was killed is not run again unasked: its worktree is kept and named", async () => {
  let hangs = true;
  await using world = await createWorld({
    files: FILES,
    script: (request) =>
      hangs && (toldTo(request).at(-1) ?? "").includes("echo two")
        ? run("echo half > b.txt; sleep 600.37")
        : obedient(request),
  });
  const before = await repositoryFacts(world);
  await using asking = startBatch(world, { tasks: TASKS.slice(0, 2) }, ["--parallel", "1"]);
  await untilRunning(world, "sleep 600.37");
  asking.child.kill("SIGKILL");
  await asking.done;
  hangs = false;
  const [id = ""] = readdirSync(join(world.state, "batches"));
  for (const look of ["status", "watch"]) {
    const seen = await ask(world, ["batch", look]);
    expect(seen.stdout).toMatch(/^coordinator=gone\n(.*\n)*status=interrupted\n(.*\n)*task=two status=interrupted /);
    expect(seen.stdout).not.toContain("running");
  }
  const stopped = await ask(world, ["batch", "--resume", id]);
  expect([stopped.code, taskLines(stopped)]).toEqual([
    1,
    { one: "status=completed files=1 applied=no", two: "status=interrupted files=unknown applied=no" },
  ]);
  const [, worktree = ""] =
    /interrupted \(two\): it may have written before it was killed, in (.*)/.exec(stopped.stderr) ?? [];
  expect(readFileSync(join(worktree, "b.txt"), "utf8")).toBe("half\n");
  expect([await world.processes(), await git(world.workspace, "status", "--porcelain")]).toEqual([[], ""]);
  const told = () => world.model.requests.filter((request) => (toldTo(request).at(-1) ?? "").includes("echo two"));
  expect(told()).toHaveLength(1);
  const ended = await ask(world, ["batch", "--resume", id, "--retry", "two"]);
  expect([ended.code, ended.keys["tasks"]], ended.stderr).toEqual([0, "2/2"]);
  expect(existsSync(worktree)).toBe(false);
  expect(await repositoryFacts(world)).toEqual({ ...before, "status --porcelain": " M a.txt\n M b.txt" });
});

inMatrix(() => {
  test("a task whose changes cannot be made into a patch keeps its worktree, and begins anew only with --retry", async () => {
    await using world = await createWorld({ files: FILES, script: obedient });
    const before = await repositoryFacts(world);
    // A check of the task stands in for a disk that fills up once the work is done.
    const fill = `cd '${world.state}'/batches/*/ && { test -e aside || { mv patches aside; touch patches; }; }`;
    const [one, two] = TASKS;
    const tasks = [one, { ...two, after: ["one"], verify_cmd: fill }];
    const stopped = await batch(world, { tasks });
    expect([stopped.code, taskLines(stopped)], stopped.stderr).toEqual([
      1,
      { one: "status=completed files=1 applied=no", two: "status=interrupted files=unknown applied=no" },
    ]);
    const [, worktree = ""] = /what it changed could not be taken from (.*?): /.exec(stopped.stderr) ?? [];
    expect(readFileSync(join(worktree, "b.txt"), "utf8")).toBe("two\n");
    const [id = ""] = readdirSync(join(world.state, "batches"));
    const folder = join(world.state, "batches", id);
    rmSync(join(folder, "patches"));
    renameSync(join(folder, "aside"), join(folder, "patches"));
    mkdirSync(join(folder, "aside"));
    const ended = await ask(world, ["batch", "--resume", id, "--retry", "two"]);
    expect([ended.code, ended.keys["tasks"]], ended.stderr).toEqual([0, "2/2"]);
    expect(existsSync(worktree)).toBe(false);
    expect(await repositoryFacts(world)).toEqual({ ...before, "status --porcelain": " M a.txt\n M b.txt" });
  });
});

describe("a batch that is cancelled", () => {
  inMatrix(() => {
    test("ends in order, leaves no worktree, and goes on where it was", async () => {
      let slow = true;
      await using world = await createWorld({
        files: FILES,
        script: (request) =>
          slow && (toldTo(request).at(-1) ?? "").includes("echo two") ? silence() : obedient(request),
      });
      const before = await repositoryFacts(world);
      await using asking = startBatch(world, { tasks: TASKS }, ["--parallel", "2"]);
      await untilJournaled(world, 6, () => false);
      asking.child.kill("SIGINT");
      const cancelled = await asking.done;
      expect([cancelled.code, cancelled.keys.status]).toEqual([130, "cancelled"]);
      expect((await ask(world, ["batch", "status"])).stdout).toBe(`coordinator=done\n${cancelled.stdout}`);
      const { status, exit_code: code, error } = JSON.parse((await ask(world, ["batch", "status", "--json"])).stdout);
      expect([status, code, error]).toEqual(["cancelled", 130, null]);
      expect(await repositoryFacts(world)).toEqual(before);
      expect(readdirSync(join(world.state, "worktrees"))).toEqual([]);
      slow = false;
      const ended = await goOn(world);
      expect([ended.code, ended.keys["tasks"]]).toEqual([0, "4/4"]);
    });
  });
});
