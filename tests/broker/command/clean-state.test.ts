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
