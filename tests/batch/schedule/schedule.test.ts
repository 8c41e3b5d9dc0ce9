import { expect, test } from "vitest";
import { batchTask, scheduleOf } from "../../support/samples/batches.ts";

const CHAIN = [batchTask("a"), batchTask("b", { after: ["a"] }), batchTask("c"), batchTask("d", { after: ["b", "c"] })];

test("what waits for nothing starts first, in the order of the plan and no more than may run at once", () => {
  const { schedule, start, finish } = scheduleOf(CHAIN, { parallel: 2 });
  expect(schedule.next()).toEqual(["a", "c"]);
  expect(schedule.next(new Set(["a"]))).toEqual(["c"]);
  start("a");
  start("c");
  expect(schedule.next()).toEqual([]);
  finish("a");
  expect(schedule.next()).toEqual(["b"]);
  start("b");
  finish("c");
  expect(schedule.next()).toEqual([]);
  finish("b");
  expect(schedule.next()).toEqual(["d"]);
});

test("nothing begins behind a task that is not clean, until that is retried", () => {
  const { schedule, tell, start, finish } = scheduleOf(CHAIN);
  start("a");
  finish("a", { status: "failed" });
  expect(schedule.next()).toEqual(["c"]);
  tell("task_retried", { id: "a" });
  expect(schedule.next()).toEqual(["a", "c"]);
  start("a");
  finish("a", { outside: ["x"] });
  expect(schedule.next()).toEqual(["c"]);
});

test("a rate limit halves what runs at once and gives the task back; one always may run", () => {
  const { schedule, tell, start } = scheduleOf([batchTask("a"), batchTask("b"), batchTask("c")], { parallel: 3 });
  for (const [at, left] of [1, 1, 1].entries()) {
    start("a");
    tell("task_requeued", { id: "a", tokens: 5 });
    expect([schedule.parallel, schedule.next(), schedule.tokens]).toEqual([left, ["a"], 5 * (at + 1)]);
  }
});

test("a task that another machine is to do waits again, and as many run at once as before", () => {
  const { schedule, tell, start } = scheduleOf([batchTask("a"), batchTask("b")], { parallel: 2 });
  start("a");
  tell("task_requeued", { id: "a", tokens: 5, elsewhere: true });
  expect([schedule.parallel, schedule.next(), schedule.tokens]).toEqual([2, ["a", "b"], 5]);
  expect(schedule.tasks.get("a")?.requeued).toBe(0);
});

test.each([
  { name: "a stop", options: {}, stop: true, result: {} },
  { name: "a failure with failFast", options: { failFast: true }, stop: false, result: { status: "failed" } },
  { name: "as many tokens as may be used", options: { maxTokens: 10 }, stop: false, result: { tokens: 10 } },
])("$name lets nothing begin any more", ({ options, stop, result }) => {
  const { schedule, tell, start, finish } = scheduleOf([batchTask("a"), batchTask("b")], { parallel: 1, ...options });
  start("a");
  finish("a", result);
  if (stop) tell("batch_stopped", { kind: "usage_limit", message: "none left" });
  expect(schedule.next()).toEqual([]);
});

test("a batch whose tokens are used up goes on with a higher limit, and with none", () => {
  for (const { limit, next } of [
    { limit: undefined, next: [] },
    { limit: 10, next: [] },
    { limit: 11, next: ["b"] },
    { limit: null, next: ["b"] },
  ]) {
    const { schedule, tell, start, finish } = scheduleOf([batchTask("a"), batchTask("b")], { maxTokens: 10 });
    start("a");
    finish("a", { tokens: 10 });
    tell("batch_resumed", limit === undefined ? {} : { max_tokens: limit });
    expect([schedule.next(), schedule.spent]).toEqual([next, next.length === 0]);
  }
});

test("a batch that goes on with less at once does so until it is resumed again", () => {
  const tasks = Array.from({ length: 40 }, (_, at) => batchTask(`task-${at}`));
  const { schedule, tell } = scheduleOf(tasks, { parallel: 32 });
  expect(schedule.next()).toHaveLength(32);
  tell("batch_resumed", { at_most: 3 });
  expect([schedule.parallel, schedule.next().length]).toEqual([3, 3]);
  tell("batch_resumed", {});
  expect([schedule.parallel, schedule.next().length]).toEqual([32, 32]);
});

test("after a death, what may have written is interrupted; what had not begun, or only reads, begins anew", () => {
  const tasks = [batchTask("writer"), batchTask("unbegun"), batchTask("reader", { writes: false }), batchTask("done")];
  const { schedule, tell, start, finish } = scheduleOf(tasks, { parallel: 4 });
  for (const { id } of tasks) start(id, `/worktrees/${id}`);
  for (const id of ["writer", "reader"]) tell("task_working", { id, session_id: "s" });
  finish("done");
  tell("batch_resumed", {});
  expect(schedule.next()).toEqual(["unbegun", "reader"]);
  expect(schedule.tasks.get("writer")).toMatchObject({ phase: "interrupted", now: { worktree: "/worktrees/writer" } });
  tell("task_retried", { id: "writer" });
  expect(schedule.next()).toEqual(["writer", "unbegun", "reader"]);
});

test("what was cancelled, or met a Codex that could not work, waits again when the batch goes on", () => {
  const { schedule, tell, start, finish } = scheduleOf([batchTask("a"), batchTask("b"), batchTask("c")]);
  const ends = {
    a: { status: "cancelled" },
    b: { status: "fatal", error_kind: "usage_limit" },
    c: { status: "failed" },
  };
  for (const [id, result] of Object.entries(ends)) {
    start(id);
    finish(id, result);
  }
  tell("batch_stopped", { kind: "usage_limit", message: "none left" });
  tell("batch_resumed", {});
  expect(schedule.next()).toEqual(["a", "b"]);
});

test("a returned task holds up those behind it; a second try that resolves nothing leaves it in conflict", () => {
  const tasks = [batchTask("a"), batchTask("b"), batchTask("c", { after: ["b"] })];
  for (const { second, expected } of [
    { second: { patch: "p", base: "on" }, expected: ["c"] },
    { second: { patch: null }, expected: [] },
    { second: { status: "failed", patch: "p" }, expected: [] },
  ]) {
    const { schedule, tell, start, finish } = scheduleOf(tasks);
    for (const id of ["a", "b"]) {
      start(id);
      finish(id, { patch: id });
    }
    tell("task_returned", { id: "b", on: "on", files: ["x"] });
    expect(schedule.next()).toEqual(["b"]);
    start("b");
    finish("b", second);
    expect(schedule.next()).toEqual(expected);
    expect(schedule.tasks.get("b")?.leftOut).toEqual(expected.length > 0 ? null : { reason: "conflict", files: ["x"] });
  }
});
