import { mkdir, readdir, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { registerRun } from "../../../src/ask/model/live-runs.ts";
import { runPaths } from "../../../src/files/state-paths.ts";
import { findProcess } from "../../../src/process/table.ts";
import { tempFolder } from "../../support/temp-folder.ts";

/** Starts runs of this process, or of a dead one, in the work trees of one state folder. */
async function runsIn(state: string) {
  const startedAt = (await findProcess(process.pid))?.startedAt ?? "";
  const own = { pid: process.pid, startedAt };
  return {
    start: (runId: string, workTree = "/w") => registerRun(state, { ...own, runId, workTree }),
    die: (runId: string, ...roots: readonly string[]) =>
      registerRun(state, { pid: 2 ** 22 + 1, startedAt: "0", runId, workTree: "/w" }, roots),
    left: async () => (await readdir(join(state, "live"))).map((name) => name.replace(".json", "")).sort(),
  };
}

test("runs in one work tree know of each other, also after one has ended, and none is left in the end", async () => {
  await using temp = await tempFolder();
  const { start, left } = await runsIn(temp.path);
  const [a, b] = [await start("a"), await start("b")];
  await a.finish();
  const c = await start("c");
  expect(await b.beside()).toEqual(["a", "c"]);
  expect(await c.beside()).toEqual(["b"]);
  await b.finish();
  expect(await c.beside()).toEqual(["b"]);
  await c.finish();
  expect(await left()).toEqual([]);
});

test("runs in different work trees do not concern each other", async () => {
  await using temp = await tempFolder();
  const { start, left } = await runsIn(temp.path);
  const [a, b] = [await start("a", "/one"), await start("b", "/two")];
  expect(await a.beside()).toEqual([]);
  await a.finish();
  expect(await left()).toEqual(["b"]);
  expect(await b.beside()).toEqual([]);
  await b.finish();
  expect(await left()).toEqual([]);
});

test("a run that died before is not named, one that died meanwhile is, and both are cleared away", async () => {
  await using temp = await tempFolder();
  const { start, die, left } = await runsIn(temp.path);
  await die("before");
  const run = await start("run");
  await die("meanwhile");
  expect(await run.beside()).toEqual(["meanwhile"]);
  await run.finish();
  expect(await left()).toEqual([]);
});

test("however many end at the same time, none is left", async () => {
  await using temp = await tempFolder();
  const { start, left } = await runsIn(temp.path);
  const runs = await Promise.all(Array.from({ length: 20 }, (_, index) => start(`run-${index}`)));
  await Promise.all(runs.map((run) => run.finish()));
  expect(await left()).toEqual([]);
});

describe("of the empty folders that a killed run's sandbox left", () => {
  test.each([
    { what: "those made while it worked go", idleMs: 0, beside: false, left: [".aws", ".git"] },
    {
      what: "one made later than it can have lived stays",
      idleMs: 60_000,
      beside: false,
      left: [".agents", ".aws", ".git"],
    },
    { what: "none goes while another run works there", idleMs: 0, beside: true, left: [".agents", ".aws", ".git"] },
  ])("$what; what was there before, or holds anything, stays", async ({ idleMs, beside, left }) => {
    await using temp = await tempFolder();
    const { start, die } = await runsIn(temp.path);
    const [root, { folder, events }] = [join(temp.path, "root"), runPaths(temp.path, "dead")];
    await mkdir(join(root, ".git"), { recursive: true });
    await mkdir(folder, { recursive: true });
    await die("dead", root);
    if (beside) await start("beside");
    await writeFile(events, "");
    const last = new Date(Date.now() - idleMs);
    await utimes(events, last, last);
    await mkdir(join(root, ".agents"));
    await mkdir(join(root, ".aws"));
    await writeFile(join(root, ".aws", "mine"), "");
    await start("next");
    expect((await readdir(root)).sort()).toEqual(left);
  });
});
