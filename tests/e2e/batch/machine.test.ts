import { readdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ask } from "../../support/ask.ts";
import { git } from "../../support/git/git.ts";
import { canMount, smallDisk } from "../../support/machine/small-disk.ts";
import { batch, obedient, repositoryFacts, startBatch, taskLines } from "../../support/model/batches.ts";
import { run } from "../../support/model/replies.ts";
import type { ModelRequest } from "../../support/model/server.ts";
import { toldTo } from "../../support/model/wire.ts";
import { untilRunning } from "../../support/until.ts";
import { createWorld, type World } from "../../support/world.ts";

const FILES = { "a.txt": "a\n", "b.txt": "b\n" };
const TASKS = [
  { id: "one", prompt: "RUN: echo one > a.txt" },
  { id: "two", prompt: "RUN: echo two > b.txt" },
];
const isSecond = (request: ModelRequest) => (toldTo(request).at(-1) ?? "").includes("echo two");

const on = (world: World, path: string): World => ({
  ...world,
  state: path,
  env: { ...world.env, ASK_CODEX_HOME: path },
});

describe.runIf(canMount)("a disk that is full", () => {
  test("before a batch begins: it is refused, and nothing is left of it", async () => {
    await using world = await createWorld({ files: FILES, script: obedient });
    await using disk = await smallDisk(world.home);
    const full = on(world, disk.path);
    disk.fill();
    const refused = await batch(full, { tasks: TASKS });
    expect([refused.code, refused.stdout]).toEqual([1, "status=failed\nerror_kind=system\n"]);
    expect(refused.stderr).toMatch(/^\[ERROR\] (?!.*bug in ask_codex)[^\n]*ENOSPC[^\n]*\n$/);
    expect(readdirSync(disk.path)).toEqual(["ballast"]);
    expect(world.model.requests).toEqual([]);
  });

  test("in the middle of a batch: it fails what needs room, and with room --resume completes it", async () => {
    let full = false;
    await using world = await createWorld({
      files: FILES,
      script: (request) => {
        if (!full && isSecond(request)) {
          full = true;
          disk.fill();
        }
        return obedient(request);
      },
    });
    await using disk = await smallDisk(world.home);
    const small = on(world, disk.path);
    const before = await repositoryFacts(world);
    const stopped = await batch(small, { tasks: TASKS }, ["--parallel", "1", "--merge", "branch"]);
    expect(full).toBe(true);
    expect(stopped.code).toBe(1);
    expect(stopped.stderr).toMatch(/two: .*(ENOSPC|Out of diskspace|No space left)/);
    const { "for-each-ref": _, "worktree list": worktrees, ...facts } = before;
    const after = await repositoryFacts(world);
    expect(after).toMatchObject(facts);
    // Where Codex had the task, only its worktree knows what it has done.
    const isKept = taskLines(stopped)["two"] === "status=interrupted files=unknown applied=no";
    expect(after["worktree list"] !== worktrees).toBe(isKept);
    expect(await world.processes()).toEqual([]);
    await rm(join(disk.path, "ballast"));
    const [id = ""] = readdirSync(join(disk.path, "batches"));
    const ended = await ask(small, ["batch", "--resume", id, "--retry", "two"]);
    expect([ended.code, ended.keys["tasks"]], ended.stderr).toEqual([0, "2/2"]);
    const told = world.model.requests.map((request) => toldTo(request).at(-1) ?? "");
    expect(told.filter((text) => text.includes("echo one"))).toHaveLength(2);
    for (const path of ["a.txt", "b.txt"])
      expect(await git(world.workspace, "show", `${ended.keys["branch"]}:${path}`)).toMatch(/^(one|two)$/);
    expect(readdirSync(join(disk.path, "worktrees"))).toEqual([]);
  });
});

describe.runIf(process.platform === "linux")("a Codex that is killed", () => {
  test("fails its task alone; the others are kept, and --retry completes the batch", async () => {
    let hangs = true;
    await using world = await createWorld({
      files: FILES,
      script: (request) => (hangs && isSecond(request) ? run("sleep 600.81") : obedient(request)),
    });
    const before = await repositoryFacts(world);
    await using asking = startBatch(world, { tasks: TASKS }, ["--parallel", "1", "--merge", "branch"]);
    await untilRunning(world, "sleep 600.81");
    process.kill((await untilRunning(world, /\bapp-server\b/)).pid, "SIGKILL");
    const stopped = await asking.done;
    expect([stopped.code, stopped.keys.error_kind]).toEqual([1, "batch_incomplete"]);
    expect(stopped.stderr).toContain("codex_killed (two)");
    expect(taskLines(stopped)["one"]).toBe("status=completed files=1 applied=no");
    expect(await world.processes()).toEqual([]);
    hangs = false;
    const ended = await ask(world, ["batch", "--resume", stopped.keys["batch_id"] ?? "", "--retry", "two"]);
    expect([ended.code, ended.keys["tasks"]], ended.stderr).toEqual([0, "2/2"]);
    const { "for-each-ref": refs, ...facts } = before;
    const { "for-each-ref": after, ...left } = await repositoryFacts(world);
    expect(left).toEqual(facts);
    expect(after?.split("\n")).toHaveLength((refs?.split("\n").length ?? 0) + 2);
  });
});
