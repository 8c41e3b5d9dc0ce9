import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openRunJournal } from "../../../src/ask/model/run-journal.ts";
import { tempFolder } from "../../support/temp-folder.ts";

test("a journal that is full leaves out what a turn has any number of, says so once, and tells how the run ended", async () => {
  await using folder = await tempFolder();
  const path = join(folder.path, "events.jsonl");
  const journal = openRunJournal(path, 2_000);
  journal.append("run_started", {});
  for (let index = 0; index < 1_000; index++) journal.append("message", { text: "x".repeat(100) });
  journal.append("turn_ended", {});
  journal.append("run_finished", {});
  const events = (await readFile(path, "utf8")).trim().split("\n");
  const types = events.map((line) => JSON.parse(line).type);
  expect(journal.size()).toBeLessThan(3_000);
  expect([...new Set(types)]).toEqual(["run_started", "message", "journal_full", "turn_ended", "run_finished"]);
  expect(types.filter((type) => type === "journal_full")).toHaveLength(1);
  expect(journal.failure()).toBeNull();
  journal.close();
});
