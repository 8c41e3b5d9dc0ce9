import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openOwnFolder } from "../../../src/fleet/batch/own-folder.ts";
import { RUN_MARKER } from "../../../src/process/run-marker.ts";
import { tempFolder } from "../../support/temp-folder.ts";

test("what a killed worker left goes when the next one begins: its folder, and what still runs of its attempts", async () => {
  await using state = await tempFolder();
  const attempt = join(state.path, "workers", "dead", "run-of-the-dead");
  await mkdir(attempt, { recursive: true });
  await mkdir(join(state.path, "holds"));
  const gone = { pid: 2 ** 30, startedAt: "long ago", runId: "dead" };
  await writeFile(join(state.path, "holds", "dead.hold"), JSON.stringify(gone));
  const env = { PATH: process.env["PATH"], [RUN_MARKER]: "run-of-the-dead" };
  const left = spawn("sleep", ["1000"], { detached: true, stdio: "ignore", env });
  const ended = once(left, "exit");
  const own = await openOwnFolder(state.path, "next");
  expect(await ended).toEqual([null, expect.stringMatching(/SIGTERM|SIGKILL/)]);
  expect(await readdir(join(state.path, "workers"))).toEqual(["next"]);
  expect(await readdir(join(state.path, "holds"))).toEqual(["next.hold"]);
  await own.remove();
  for (const kind of ["workers", "holds"]) expect(await readdir(join(state.path, kind))).toEqual([]);
});

test("workers that begin at the same time leave each other's folders alone", async () => {
  await using state = await tempFolder();
  const names = Array.from({ length: 12 }, (_, at) => `host.example-${at}`);
  const all = await Promise.all(names.map((name) => openOwnFolder(state.path, name)));
  for (const { folder } of all) expect((await stat(folder)).isDirectory()).toBe(true);
  for (const own of all) await own.remove();
  expect(await readdir(join(state.path, "holds"))).toEqual([]);
});
