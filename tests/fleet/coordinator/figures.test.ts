import { expect, test } from "vitest";
import { figuresOf } from "../../../src/fleet/coordinator/figures.ts";
import { batchTask, scheduleOf } from "../../support/samples/batches.ts";

test("figures count the tasks by the journal, and workers and leases by the queue", () => {
  const { schedule, start, finish } = scheduleOf(["a", "b", "c", "d"].map((id) => batchTask(id)));
  for (const id of ["a", "b", "c"]) start(id);
  finish("a");
  finish("b", { status: "failed" });
  const lease = { task: "c", state: "running", worker: "one", doing: "thinks" };
  const workers = [
    { worker: "one", busy: 1, slots: 2 },
    { worker: "two", busy: 0, slots: 1 },
  ];
  const look = { workers, leases: [lease, { ...lease, state: "waiting" }] };
  expect(figuresOf(schedule, look, { offered: 4, lost: 1 })).toMatchObject({
    ...{ tasks: 4, clean: 1, running: 1, waiting: 1, not_clean: 1 },
    ...{ workers: 2, slots: 3, busy: 1, queued: 1, leased: 1, offered: 4, lost: 1 },
  });
  expect(figuresOf(schedule, null, { offered: 0, lost: 0 })).toMatchObject({ workers: null, busy: null, leased: null });
});
