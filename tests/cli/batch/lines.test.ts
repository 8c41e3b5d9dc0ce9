import { expect, test } from "vitest";
import { outcomeOf } from "../../../src/batch/run/outcome.ts";
import { batchPairs, closingWords } from "../../../src/cli/batch/lines.ts";
import { standing, tableRows } from "../../../src/cli/batch/table.ts";
import { batchTask, scheduleOf } from "../../support/samples/batches.ts";

const ids = (size: number) => Array.from({ length: size }, (_, at) => `a-task-with-a-name-as-long-as-names-are-${at}`);

function finished(size: number, failing: readonly number[]) {
  const { schedule, tell, start, finish } = scheduleOf(ids(size).map((id) => batchTask(id)));
  for (const [at, id] of ids(size).entries()) {
    start(id);
    finish(id, failing.includes(at) ? { status: "failed", error_kind: "turn_failed", message: "It broke" } : {});
  }
  tell("batch_landed", { how: "applied", commit: "c", branch: null, reason: null, what: [] });
  tell("batch_finished", { status: "partial", error_kind: null });
  return outcomeOf(schedule, null);
}

test("stdout stays under 4 KB for any number of tasks, and what is not clean is always among them", () => {
  const text = batchPairs(finished(200, [3, 150, 199]), "/report.md");
  expect(Buffer.byteLength(text)).toBeLessThan(4_096);
  expect(text).toContain("tasks=197/200\n");
  for (const at of [3, 150, 199]) expect(text).toContain(`task=${ids(200)[at]} status=failed files=0 applied=no\n`);
  expect(text).toMatch(/\nmore_tasks=\d+\n$/);
});

test("each kind of failure is said once, with the tasks that it struck", () => {
  const words = closingWords(finished(10, [0, 1, 2, 3, 4, 5, 6]));
  expect(words.filter((line) => line.includes("turn_failed"))).toEqual([
    `[codex] turn_failed (${ids(5).join(", ")} and 2 more): It broke`,
  ]);
  expect(words.join("\n")).toContain("batch_incomplete: not clean: 7 of 10 tasks (");
});

test("tokens that are used up are said, with how to go on; not where all tasks began", () => {
  for (const { maxTokens, said } of [
    { maxTokens: 10, said: true },
    { maxTokens: 20, said: false },
  ]) {
    const { schedule, start, finish } = scheduleOf([batchTask("a"), batchTask("b")], { maxTokens });
    for (const id of maxTokens === 10 ? ["a"] : ["a", "b"]) {
      start(id);
      finish(id, id === "b" ? { status: "failed" } : {});
    }
    const words = closingWords(outcomeOf(schedule, null)).join("\n");
    expect(words).toContain("not clean: 1 of 2 tasks (b)");
    expect(words.includes("--max-tokens is used up")).toBe(said);
    expect(words.includes(`--resume ${schedule.begun.batch_id} and a higher --max-tokens`)).toBe(said);
  }
});

test("a row for each task that runs, cut to the terminal", () => {
  const { schedule, start, finish } = scheduleOf([batchTask("a"), batchTask("bb"), batchTask("c")]);
  start("a");
  start("bb");
  expect(standing(schedule)).toBe("0/3 clean, 2 running (a, bb), 1 waiting");
  expect(tableRows(schedule, new Map([["bb", "npm test"]]), { columns: 200, rows: 24 })).toEqual([
    "batch 20261128-000000-000-0000000000000000: 0/3 clean, 2 running (a, bb), 1 waiting",
    "  a   starting",
    "  bb  npm test",
  ]);
  expect(tableRows(schedule, new Map(), { columns: 30, rows: 3 }).map(({ length }) => length)).toEqual([29, 13]);
  finish("a", { status: "failed" });
  expect(standing(schedule)).toBe("0/3 clean, 1 running (bb), 1 waiting, 1 not clean");
});
