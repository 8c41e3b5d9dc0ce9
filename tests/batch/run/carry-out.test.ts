import { mkdirSync } from "node:fs";
import { expect, test } from "vitest";
import type { Job } from "../../../src/batch/place/place.ts";
import type { BatchTask } from "../../../src/batch/plan/task.ts";
import { carryOut } from "../../../src/batch/run/carry-out.ts";
import { type BatchPaths, batchPaths, beginLog, readSchedule } from "../../../src/batch/schedule/journal.ts";
import type { TaskResult } from "../../../src/batch/schedule/result.ts";
import { scratchFolder } from "../../support/git/repository.ts";
import { batchBegun, batchTask, taskResult } from "../../support/samples/batches.ts";

const TREE = { root: "/none", gitDir: "/none", commonDir: "/none", objects: "/none", index: "/none" };

type Run = (job: Job, tries: number) => Partial<TaskResult> | Promise<Partial<TaskResult>>;

/** Carries a batch out in a place that answers as it is told. Who ran beside whom, and what the journal says in the end. */
async function carriedOut(tasks: readonly BatchTask[], parallel: number, run: Run) {
  const state = scratchFolder("state");
  const paths: BatchPaths = batchPaths(state, "batch");
  mkdirSync(paths.folder, { recursive: true });
  const log = beginLog(paths, batchBegun(tasks, { parallel, merge: "none" }));
  const alive = new Map<string, number>();
  const crowd: { readonly slots: readonly number[] }[] = [];
  const tries = new Map<string, number>();
  const said: string[] = [];
  let runs = 0;
  await carryOut({
    ...{ log, paths, state, tree: TREE, env: {}, sandbox: null },
    place: {
      worktreeOf: ({ runId }) => runId,
      async run(job) {
        alive.set(job.runId, job.slot);
        crowd.push({ slots: [...alive.values()] });
        const known = (tries.get(job.task.id) ?? 0) + 1;
        tries.set(job.task.id, known);
        const ended = await run(job, known);
        alive.delete(job.runId);
        return taskResult({ run_id: job.runId, ...ended });
      },
      sweep: async () => [],
    },
    bench: { combined: async (base) => ({ commit: base, merged: [], conflicts: [] }) },
    newRunId: () => `run-${runs++}`,
    watcher: { changed: () => {}, doing: () => {}, say: (line) => said.push(line) },
    signal: new AbortController().signal,
  });
  log.close();
  return { schedule: readSchedule(paths, "batch"), crowd, tries, said };
}

const tasks = (size: number) => Array.from({ length: size }, (_, at) => batchTask(`t${at}`));
const phases = ({ tasks: all }: { readonly tasks: ReadonlyMap<string, { readonly phase: string }> }) =>
  [...all.values()].map(({ phase }) => phase);

test("never more at once than --parallel, and no slot twice among them", async () => {
  const { crowd } = await carriedOut(tasks(12), 3, async () => {
    await new Promise(setImmediate);
    return {};
  });
  expect(Math.max(...crowd.map(({ slots }) => slots.length))).toBe(3);
  for (const { slots } of crowd) expect([new Set(slots).size, Math.max(...slots) < 3]).toEqual([slots.length, true]);
});

test.each(["usage_limit", "auth", "model_unavailable", "codex_missing", "network", "overloaded"])(
  "%s stops new starts; what runs comes to its end, and what is finished stays",
  async (kind) => {
    let openBeside = () => {};
    const beside = new Promise<void>((resolve) => {
      openBeside = resolve;
    });
    const { schedule, tries } = await carriedOut(tasks(5), 2, async ({ task: { id } }) => {
      if (id === "t1") await beside;
      if (id !== "t2") return {};
      openBeside();
      return { status: "fatal", error_kind: kind, message: "no" };
    });
    expect(schedule.stopped).toEqual({ kind, message: "no" });
    expect(phases(schedule)).toEqual(["ended", "ended", "ended", "waiting", "waiting"]);
    expect([...tries.keys()].toSorted()).toEqual(["t0", "t1", "t2"]);
  },
);

test("a failure that concerns its task alone stops nothing", async () => {
  const { schedule } = await carriedOut(tasks(4), 2, ({ task: { id } }) =>
    id === "t0" ? { status: "failed", error_kind: "turn_failed", message: "broke" } : {},
  );
  expect([schedule.stopped, phases(schedule)]).toEqual([null, ["ended", "ended", "ended", "ended"]]);
});

test("a rate limit gives a task back three times, each time with half as many at once, and then stops", async () => {
  const limited = { status: "fatal", error_kind: "rate_limit", message: "slow down" };
  const once = await carriedOut(tasks(6), 4, ({ task: { id } }, tries) => (id === "t0" && tries === 1 ? limited : {}));
  expect([once.schedule.stopped, once.schedule.parallel, once.tries.get("t0")]).toEqual([null, 2, 2]);
  expect(phases(once.schedule)).toEqual(Array(6).fill("ended"));
  expect(once.said).toContain("rate limit: t0 waits again, 2 at once from now on");
  const always = await carriedOut(tasks(6), 4, ({ task: { id } }) => (id === "t0" ? limited : {}));
  expect([always.schedule.stopped?.kind, always.schedule.parallel, always.tries.get("t0")]).toEqual([
    "rate_limit",
    1,
    4,
  ]);
});
