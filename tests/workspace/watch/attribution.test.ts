import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Deed } from "../../../src/claude/fold-run.ts";
import { isExecutors, isOthersToo, setApart } from "../../../src/workspace/watch/attribution.ts";

import { tempFolder } from "../../support/temp-folder.ts";

const change = { path: "src/a.js", kind: "changed", added: 1, removed: 0 } as const;
const edit: Deed = { file: "/w/src/a.js", from: 1_000, until: 1_100 };
const command: Deed = { file: null, from: 5_000, until: 6_000 };

test.each<[string, number | null, readonly Deed[], boolean]>([
  ["a file that it has edited", 1_050, [edit], true],
  ["a file that it has edited by a relative path", 1_050, [{ ...edit, file: "./src/a.js" }], true],
  ["a file that was written while its command ran", 5_500, [command], true],
  ["a file that was written before its command", 4_000, [command], false],
  ["a file that was written after its command", 7_000, [command], false],
  ["a file that was written while a command ran that never ended", 9_000, [{ ...command, until: null }], true],
  ["a file of which no time is known, where it ran a command", null, [command], true],
  ["any file, where it did nothing", 1_050, [], false],
  ["another file than it has edited", 1_050, [{ ...edit, file: "/w/src/b.js" }], false],
])("%s", (_what, at, deeds, own) => {
  expect(isExecutors({ change, at }, "/w", deeds)).toBe(own);
});

test.each<[string, number, boolean]>([
  ["before its first command", 4_000, false],
  ["in its command, or later and not for the first time", 9_000, true],
])("a file that is gone from a folder which was last written %s", (_what, at, own) => {
  expect(isExecutors({ change: { ...change, kind: "deleted" }, at }, "/w", [command])).toBe(own);
});

test("a renamed file is known by both of its names", () => {
  const renamed = { ...change, path: "src/new.js", from: "src/a.js", kind: "renamed" } as const;
  expect(isExecutors({ change: renamed, at: 1_050 }, "/w", [edit])).toBe(true);
});

test.each<[string, number, readonly Deed[], boolean]>([
  ["written again after its edit", 3_000, [edit], true],
  ["written by its edit", 1_100, [edit], false],
  ["written by a later command of its own", 5_500, [edit, command], false],
  ["written after its last command", 9_000, [edit, command], true],
])("a file that was %s", (_what, at, deeds, mixed) => {
  expect(isOthersToo({ change, at }, "/w", deeds)).toBe(mixed);
});

test("what came with its folder keeps the time from before the work, and is the executor's where it ran a command", async () => {
  await using temp = await tempFolder();
  await writeFile(join(temp.path, "moved.js"), "1\n");
  const files = [{ ...change, path: "moved.js" }];
  const since = Date.now() + 60_000;
  const later: Deed = { file: null, from: since + 1_000, until: since + 2_000 };
  expect(setApart(files, temp.path, { deeds: [later], since })).toMatchObject({ own: files, meanwhile: [] });
  expect(setApart(files, temp.path, { deeds: [], since })).toMatchObject({ own: [], meanwhile: ["moved.js"] });
  expect(setApart(files, temp.path, { deeds: [later], since: 0 })).toMatchObject({ own: [], meanwhile: ["moved.js"] });
});
