import { mkdir, readdir, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { cleanState } from "../../../src/broker/command/clean-state.ts";
import { takeHold } from "../../../src/process/hold.ts";
import { findProcess } from "../../../src/process/table.ts";
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
