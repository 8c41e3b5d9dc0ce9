import { expect, test } from "vitest";
import { outcomeOf } from "../../../src/batch/run/outcome.ts";
import { batchTask, scheduleOf } from "../../support/samples/batches.ts";

function placed() {
  const batch = scheduleOf([batchTask("a")]);
  batch.start("a");
  batch.tell("task_placed", { id: "a", run_id: "run-a", machine: "box" });
  return batch;
}

function stateIn({ schedule }: ReturnType<typeof placed>) {
  return outcomeOf(schedule, null).placed.map(({ state }) => state);
}

test("a task is at work on its machine until something is known of its end there", () => {
  const batch = placed();
  expect(stateIn(batch)).toEqual(["running"]);
  batch.tell("machine_ended", { run_id: "run-a", left: null });
  expect(stateIn(batch)).toEqual(["done"]);
});

test("a machine that was lost is so only once what it left is known to be gone", () => {
  const batch = placed();
  batch.tell("machine_ended", { run_id: "run-a", left: "unchecked" });
  batch.finish("a", { status: "failed", error_kind: "machine_lost", run_id: "run-a" });
  expect(stateIn(batch)).toEqual(["unreachable"]);
  batch.tell("machine_ended", { run_id: "run-a", left: null });
  expect(stateIn(batch)).toEqual(["lost"]);
});

test("what a killed coordinator had placed is unchecked", () => {
  const batch = placed();
  batch.tell("batch_resumed", {});
  expect(stateIn(batch)).toEqual(["unreachable"]);
});

test("a check on a machine is no task's, and at work there until something is known of its end", () => {
  const batch = scheduleOf([batchTask("a")]);
  batch.tell("task_placed", { id: "--check", run_id: "run-check", machine: "box" });
  expect(stateIn(batch)).toEqual(["running"]);
  batch.tell("machine_ended", { run_id: "run-check", left: "unchecked" });
  expect(stateIn(batch)).toEqual(["unreachable"]);
});
