import { writeFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { notTold, toldWarningsPath } from "../../../src/ask/report/told-warnings.ts";
import { tempFolder } from "../../support/temp-folder.ts";

const MORNING = new Date("2026-01-02T08:00:00Z");
const NEXT_DAY = new Date("2026-01-03T08:00:00Z");

test("a warning is shown once a day, a new one at once", async () => {
  await using folder = await tempFolder();
  expect(await notTold(folder.path, ["a", "a", "b"], MORNING)).toEqual(["a", "b"]);
  expect(await notTold(folder.path, ["a", "c"], MORNING)).toEqual(["c"]);
  expect(await notTold(folder.path, ["a", "b"], NEXT_DAY)).toEqual(["a", "b"]);
});

test("what cannot be read or written costs no run: the warning is shown again", async () => {
  await using folder = await tempFolder();
  await writeFile(toldWarningsPath(folder.path), "not json");
  expect(await notTold(folder.path, ["a"], MORNING)).toEqual(["a"]);
  expect(await notTold(`${folder.path}/missing`, ["a"], MORNING)).toEqual(["a"]);
});
