import { writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect } from "vitest";
import { openBench } from "../../../src/batch/run/bench.ts";
import { checkCommit } from "../../../src/batch/run/check-combined.ts";
import { culpritAmong } from "../../../src/batch/run/culprit.ts";
import type { TaskState } from "../../../src/batch/schedule/task-state.ts";
import { committed, scratchFolder, workTreeOf } from "../../support/git/repository.ts";
import { filesIn, untouchedOf } from "../../support/git/results.ts";
import { patchFrom } from "../../support/git/worktrees.ts";
import { batchTask, scheduleOf } from "../../support/samples/batches.ts";
import { testAtRandom } from "../../support/trials.ts";

const cases = fc
  .integer({ min: 1, max: 7 })
  .chain((size) => fc.record({ size: fc.constant(size), bad: fc.nat(size - 1) }));

testAtRandom(
  "the result with which a real check on the combined tree begins to fail is found, and the repository stays as it was",
  { change: 2, full: 20 },
  cases,
  async ({ size, bad }) => {
    const repository = committed({ "sum.txt": "0\n" });
    const [tree, state, patches] = [
      await workTreeOf(repository.root),
      scratchFolder("state"),
      scratchFolder("patches"),
    ];
    const ids = Array.from({ length: size }, (_, at) => `t${at}`);
    const { schedule, start, finish } = scheduleOf(
      ids.map((id) => batchTask(id)),
      { parallel: size },
    );
    for (const [at, id] of ids.entries()) {
      const made = await patchFrom(repository, ({ write }) => write(`${id}.txt`, at === bad ? "broken\n" : "good\n"));
      const patch = join(patches, `${id}.patch`);
      writeFileSync(patch, made.patch);
      start(id);
      finish(id, { patch, base: made.base, files: 1, run_id: id });
    }
    const before = untouchedOf(repository);
    const bench = openBench(tree, scratchFolder("bench"));
    const base = repository.git("rev-parse", "HEAD");
    const statesOf = (some: readonly string[]) =>
      some.flatMap((id): TaskState[] => [schedule.tasks.get(id) ?? []].flat());
    const where = {
      tree,
      worktree: join(state, "check"),
      options: { copies: [], setup: null },
      env: { PATH: process.env["PATH"] ?? "" },
      sandbox: null,
      say: () => {},
    };
    const holds = async (some: readonly string[]) => {
      const { commit } = await bench.combined(base, statesOf(some));
      const check = { ...where, folder: scratchFolder("check"), signal: new AbortController().signal };
      return (await checkCommit("! grep -q broken *.txt", commit, check)).passed;
    };
    expect(await culpritAmong(ids, holds)).toBe(`t${bad}`);
    const rest = await bench.combined(base, statesOf(ids.filter((id) => id !== `t${bad}`)));
    expect(Object.keys(filesIn(repository, rest.commit))).toHaveLength(size);
    expect(untouchedOf(repository)).toEqual(before);
  },
);
