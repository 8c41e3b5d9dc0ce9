import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { isExecutable } from "../../src/files/executable.ts";
import { exists, isEntryThere, isThere, nearestThere, upwards } from "../../src/files/look.ts";

const folder = mkdtempSync(join(tmpdir(), "look-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

writeFileSync(join(folder, "file"), "");
writeFileSync(join(folder, "program"), "", { mode: 0o755 });
symlinkSync("nowhere", join(folder, "dangling"));

test.each([
  { name: "file", exists: true, isThere: true, isEntryThere: true },
  { name: "dangling", exists: false, isThere: false, isEntryThere: true },
  { name: "absent", exists: false, isThere: false, isEntryThere: false },
])("$name is looked for by itself and through its link", async ({ name, ...expected }) => {
  const path = join(folder, name);
  const seen = { exists: await exists(path), isThere: await isThere(path), isEntryThere: await isEntryThere(path) };
  expect(seen).toEqual(expected);
});

test("what lies below a file is not an entry, and keeps from looking where a folder is to be", async () => {
  const below = join(folder, "file", "x");
  expect(await isEntryThere(below)).toBe(false);
  await expect(isThere(below)).rejects.toThrow("ENOTDIR");
});

test("the nearest folder is the one itself, or the first above it that is there", async () => {
  expect(await nearestThere(folder)).toBe(folder);
  expect(await nearestThere(join(folder, "a", "b", "c"))).toBe(folder);
});

test("the way upwards ends at the root of the disk", () => {
  expect([...upwards("/a/b")]).toEqual(["/a/b", "/a", "/"]);
  expect([...upwards("/")]).toEqual(["/"]);
});

test.each([
  ["program", true],
  ["file", false],
  ["dangling", false],
  ["absent", false],
  [".", false],
  ["x".repeat(300), false],
])("%s can be run: %s", (name, expected) => {
  expect(isExecutable(join(folder, name))).toBe(expected);
});
