import { mkdir, readdir, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type BatchLog, batchPaths, beginLog } from "../../../src/batch/schedule/journal.ts";
import { cleanState } from "../../../src/broker/command/clean-state.ts";
import { takeHold } from "../../../src/process/hold.ts";
import { findProcess } from "../../../src/process/table.ts";
import { holdReview } from "../../../src/review/run/review-hold.ts";
import { git } from "../../support/git/git.ts";
import { batchBegun, batchTask, taskResult } from "../../support/samples/batches.ts";
import { tempFolder } from "../../support/temp-folder.ts";

test("old records of conversations go with what killed processes have left; those in use and young ones stay", async () => {
  await using temp = await tempFolder();
  const threads = join(temp.path, "threads");
  await mkdir(threads);
  const old = new Date(0);
  const file = async (name: string, age: Date | null) => {
    await writeFile(join(threads, name), "{}");
    if (age !== null) await utimes(join(threads, name), age, age);
  };
  await file("done.json", old);
  await file("held.json", old);
  await file("young.json", null);
  await file("gone.hold.20260101-run.0123abcd", old);
  await file("gone.hold.20260101-run.4567abcd", null);
  await file("notes.txt", old);
  const own = { pid: process.pid, startedAt: (await findProcess(process.pid))?.startedAt ?? "", runId: "run" };
  await takeHold(join(threads, "held.hold"), own);
  const before = Date.now() - 60_000;
  const gone = ["done.json", "gone.hold.20260101-run.0123abcd"].map((name) => join(threads, name));
  const left = await readdir(threads);
  expect([...(await cleanState(temp.path, temp.path, before, true)).removed].sort()).toEqual(gone);
  expect(await readdir(threads)).toEqual(left);
  expect([...(await cleanState(temp.path, temp.path, before, false)).removed].sort()).toEqual(gone);
  expect((await readdir(threads)).sort()).toEqual(
    ["gone.hold.20260101-run.4567abcd", "held.hold", "held.json", "notes.txt", "young.json"].sort(),
  );
});

test("claims of killed processes go from beside the sessions and out of those that stay", async () => {
  await using temp = await tempFolder();
  const session = join(temp.path, "20260101-000000-000-0000000000000000");
  await mkdir(session);
  await writeFile(join(session, "events.jsonl"), "{}\n");
  const old = [join(temp.path, ".starting.run.0123abcd"), join(session, "worker.hold.20260101-run.0123abcd")];
  const kept = [join(session, "worker.hold.20260101-run.4567abcd"), join(session, "worker.hold")];
  for (const path of [...old, ...kept]) await writeFile(path, "{}");
  for (const path of [...old, join(session, "worker.hold")]) await utimes(path, new Date(0), new Date(0));
  const { removed } = await cleanState(temp.path, join(temp.path, "state"), Date.now() - 60_000, false);
  expect([...removed].sort()).toEqual([...old].sort());
  expect((await readdir(session)).sort()).toEqual(["events.jsonl", "worker.hold", "worker.hold.20260101-run.4567abcd"]);
});

test("a run without a journal, as a review's is, goes by the age of its folder", async () => {
  await using temp = await tempFolder();
  const runs = join(temp.path, "runs");
  for (const name of ["old", "young"]) {
    await mkdir(join(runs, name), { recursive: true });
    await writeFile(join(runs, name, "report.md"), "# Review\n");
  }
  await utimes(join(runs, "old"), new Date(0), new Date(0));
  const { removed } = await cleanState(join(temp.path, "sessions"), temp.path, Date.now() - 60_000, false);
  expect(removed).toEqual([join(runs, "old")]);
  expect(await readdir(runs)).toEqual(["young"]);
});

test("the gate's record of a session goes when it is old", async () => {
  await using temp = await tempFolder();
  const gate = join(temp.path, "gate");
  await mkdir(gate);
  for (const name of ["old.json", "young.json"]) await writeFile(join(gate, name), "{}");
  await utimes(join(gate, "old.json"), new Date(0), new Date(0));
  const clean = (dryRun: boolean) => cleanState(join(temp.path, "sessions"), temp.path, Date.now() - 60_000, dryRun);
  expect((await clean(true)).removed).toEqual([join(gate, "old.json")]);
  expect(await readdir(gate)).toHaveLength(2);
  expect((await clean(false)).removed).toEqual([join(gate, "old.json")]);
  expect(await readdir(gate)).toEqual(["young.json"]);
});

test("a review that is under way keeps its folder and its worktree, whatever their age", async () => {
  await using temp = await tempFolder();
  const [run, worktree] = [join(temp.path, "runs", "long"), join(temp.path, "worktrees", "review-long-proof")];
  const hold = await holdReview(temp.path, "long");
  await mkdir(worktree, { recursive: true });
  const old = async () => {
    for (const path of [run, worktree]) await utimes(path, new Date(0), new Date(0));
    return (await cleanState(join(temp.path, "sessions"), temp.path, Date.now() - 60_000, false)).removed;
  };
  expect(await old()).toEqual([]);
  await hold.release();
  expect(await old()).toEqual([run, worktree]);
});

test("the worktree of a review that was killed goes, out of its repository as well; one with a result stays", async () => {
  await using temp = await tempFolder();
  const [repository, worktrees] = [join(temp.path, "repository"), join(temp.path, "worktrees")];
  await mkdir(repository);
  await git(repository, "init", "-q");
  await git(repository, "commit", "-q", "--allow-empty", "-m", "one");
  for (const name of ["review-gone", "review-young", "20260101-000000-000-0000000000000000"])
    await git(repository, "worktree", "add", "-q", "--detach", join(worktrees, name));
  await mkdir(join(worktrees, "review-half"));
  for (const name of ["review-gone", "review-half", "20260101-000000-000-0000000000000000"])
    await utimes(join(worktrees, name), new Date(0), new Date(0));
  const { removed } = await cleanState(join(temp.path, "sessions"), temp.path, Date.now() - 60_000, false);
  const left = ["20260101-000000-000-0000000000000000", "review-young"];
  expect([...removed].sort()).toEqual(["review-gone", "review-half"].map((name) => join(worktrees, name)));
  expect((await readdir(worktrees)).sort()).toEqual(left);
  expect((await git(repository, "worktree", "list")).match(/worktrees\/\S+/g)).toEqual(
    expect.arrayContaining(left.map((name) => `worktrees/${name}`)),
  );
  expect(await git(repository, "worktree", "list")).not.toContain("review-gone");
});

test("an old batch goes when its results are where they were wanted; one that holds more, or is carried out, stays", async () => {
  await using temp = await tempFolder();
  const own = { pid: process.pid, startedAt: (await findProcess(process.pid))?.startedAt ?? "", runId: "run" };
  const write = async (id: string, tell: (log: BatchLog) => void) => {
    const paths = batchPaths(temp.path, id);
    await mkdir(paths.folder, { recursive: true });
    const log = beginLog(paths, batchBegun([batchTask("a")]));
    tell(log);
    log.close();
    await utimes(paths.events, new Date(1_000), new Date(1_000));
    return paths;
  };
  const start = (log: BatchLog) =>
    log.record("task_started", { id: "a", run_id: "run-a", slot: 0, base: "base", worktree: "/worktrees/run-a" });
  const finish = (log: BatchLog, result: object) => {
    start(log);
    log.record("task_finished", { id: "a", result: taskResult(result) });
  };
  const landed = { commit: "c", branch: null, reason: null, what: [], how: "applied" } as const;
  await write("applied", (log) => {
    finish(log, { patch: "/a.patch" });
    log.record("batch_landed", landed);
  });
  await write("failed", (log) => finish(log, { status: "failed" }));
  await write("patches", (log) => finish(log, { patch: "/a.patch" }));
  await write("killed", start);
  await takeHold((await write("held", () => {})).hold, own);
  const { removed, kept } = await cleanState(temp.path, temp.path, Date.now() - 60_000, false);
  const names = (paths: readonly string[]) =>
    paths.map((path) => path.slice(join(temp.path, "batches/").length)).sort();
  expect(names(removed)).toEqual(["applied", "failed"]);
  expect(names(kept.map(({ path, reason }) => `${path}: ${reason}`))).toEqual([
    "held: a process carries it out",
    "killed: the worktree of an interrupted task may hold its work",
    "patches: its patches are not in the work tree",
  ]);
  expect((await readdir(join(temp.path, "batches"))).sort()).toEqual(["held", "killed", "patches"]);
});
