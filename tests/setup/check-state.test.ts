import { chmod, mkdir, readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { checkHolds, checkKept, checkState } from "../../src/setup/check-state.ts";
import { listing } from "../support/listing.ts";
import { tempFolder } from "../support/temp-folder.ts";

const DEAD = '{"pid":1,"startedAt":"long ago","runId":"20260101-000000-000-00"}';

test("a state folder that is not there yet is fine, and is not made", async () => {
  await using folder = await tempFolder();
  expect(await checkState(join(folder.path, "a", "b"), true)).toMatchObject({ level: "ok" });
  expect(await readdir(folder.path)).toEqual([]);
});

test("one that others may look into is warned of, and closed with fix", async () => {
  await using folder = await tempFolder();
  const state = join(folder.path, "state");
  await mkdir(state);
  await chmod(state, 0o755);
  expect(await checkState(state, false)).toMatchObject({ level: "warn", mend: expect.stringContaining("chmod 700") });
  expect(await checkState(state, true)).toMatchObject({ level: "ok", fixed: expect.stringContaining("700") });
  expect((await stat(state)).mode & 0o777).toBe(0o700);
});

test.for(["state", "state/below"])("a file in its place fails: %s", async (path) => {
  await using folder = await tempFolder();
  await writeFile(join(folder.path, "state"), "");
  expect(await checkState(join(folder.path, path), false)).toMatchObject({ level: "fail" });
});

test.runIf(process.platform === "linux")("one that no one can make fails, whoever may write there", async () => {
  expect(await checkState("/proc/ask-codex", false)).toMatchObject({ level: "fail" });
});

test("holds of dead processes are named, and released with fix; a damaged one is kept", async () => {
  await using folder = await tempFolder();
  const [threads, sessions] = [join(folder.path, "threads"), join(folder.path, "sessions")];
  await mkdir(threads);
  await writeFile(join(threads, "one.hold"), DEAD);
  const look = (fix: boolean) => checkHolds(folder.path, sessions, fix);
  const before = await listing(folder.path);
  expect(await look(false)).toMatchObject({
    ...{ level: "warn", detail: expect.stringContaining("one.hold") },
    mend: expect.stringContaining("for that thread or session"),
  });
  expect(await listing(folder.path)).toEqual(before);
  expect(await look(true)).toMatchObject({ level: "ok", fixed: "released 1" });
  expect(await readdir(threads)).toEqual([]);
  await writeFile(join(threads, "two.hold"), "{");
  expect(await look(true)).toMatchObject({ level: "warn", detail: expect.stringContaining("two.hold") });
  expect(await readdir(threads)).toEqual(["two.hold"]);
});

test("a hold of a process that lives stays", async () => {
  await using folder = await tempFolder();
  const { findProcess } = await import("../../src/process/table.ts");
  const startedAt = (await findProcess(process.pid))?.startedAt;
  await mkdir(join(folder.path, "threads"));
  await writeFile(join(folder.path, "threads", "a.hold"), JSON.stringify({ pid: process.pid, startedAt, runId: "r" }));
  expect(await checkHolds(folder.path, join(folder.path, "sessions"), true)).toMatchObject({ level: "ok" });
  expect(await readdir(join(folder.path, "threads"))).toEqual(["a.hold"]);
});

test("one below a folder that everyone can write fails", async () => {
  await using folder = await tempFolder();
  const state = join(folder.path, "open", "state");
  await mkdir(state, { recursive: true, mode: 0o700 });
  await chmod(join(folder.path, "open"), 0o777);
  expect(await checkState(state, true)).toMatchObject({ level: "fail", detail: expect.stringContaining("everyone") });
});

test("only what is kept of runs and sessions counts, and not what we keep to find it", async () => {
  await using folder = await tempFolder();
  const [threads, sessions] = [join(folder.path, "threads"), join(folder.path, "sessions")];
  const id = "20260101-000000-000-0011223344556677";
  for (const made of [threads, join(sessions, id)]) await mkdir(made, { recursive: true });
  for (const name of ["t.json", "t.hold", ".places.log"]) await writeFile(join(threads, name), "");
  for (const name of [join(id, "state.json"), ".places.log"]) await writeFile(join(sessions, name), "{}");
  const detail = "0 runs, 1 records of threads, 1 broker sessions";
  expect(await checkKept(folder.path, sessions)).toMatchObject({ level: "ok", detail });
});

test("thousands of old runs are worth a word; a few are not", async () => {
  await using folder = await tempFolder();
  const runs = join(folder.path, "runs");
  const look = () => checkKept(folder.path, join(folder.path, "sessions"));
  expect(await look()).toMatchObject({ level: "ok", detail: expect.stringContaining("0 runs") });
  await mkdir(runs);
  await Promise.all(Array.from({ length: 2_000 }, (_, index) => writeFile(join(runs, `${index}`), "")));
  const many = { level: "warn", detail: expect.stringContaining("2000 runs"), mend: expect.stringContaining("clean") };
  expect(await look()).toMatchObject(many);
});
