import { expect, test } from "vitest";
import type { CheckRun } from "../../../src/process/run-check.ts";
import { proveFinding } from "../../../src/review/proof/prove-finding.ts";

const NOT_THERE = 127;
type End = number | null | "slow";

function ending(ends: readonly End[]): () => Promise<CheckRun> {
  const left = [...ends];
  return async () => {
    const end = left.shift() ?? 0;
    const timedOut = end === "slow";
    return { exitCode: end === "slow" ? null : end, timedOut, durationMs: 1, outputTail: "said this" };
  };
}

test.each<{
  name: string;
  change: readonly End[];
  before?: End;
  fix?: End;
  older?: boolean;
  result: "proved" | "pre_existing" | "not_reproduced";
}>([
  { name: "fails on the change alone", change: [1, 1], before: 0, result: "proved" },
  { name: "fails on both, and the code is older", change: [1, 1], before: 1, older: true, result: "pre_existing" },
  { name: "fails on both, and the code is new", change: [1, 1], before: 1, result: "not_reproduced" },
  { name: "fails on both, and passes with the suggestion", change: [1, 1], before: 1, fix: 0, result: "proved" },
  { name: "fails on both, and with the suggestion", change: [1, 1], before: 1, fix: 1, result: "not_reproduced" },
  { name: "passes on the change", change: [0], result: "not_reproduced" },
  { name: "fails on the change at times", change: [1, 0], before: 0, result: "not_reproduced" },
  { name: "cannot be run on the change", change: [NOT_THERE], result: "not_reproduced" },
  { name: "cannot be run before it", change: [1], before: NOT_THERE, older: true, result: "not_reproduced" },
  { name: "is killed on the change", change: [null], before: 0, result: "not_reproduced" },
  { name: "takes too long on the change", change: ["slow"], before: 0, result: "not_reproduced" },
])("a test that $name: $result", async ({ change, before = 0, fix, older = false, result }) => {
  const trials = {
    onChange: ending(change),
    before: ending([before]),
    withFix: fix === undefined ? null : ending([fix]),
    codeIsOlder: older,
  };
  expect(await proveFinding(trials)).toMatchObject({ result, detail: expect.stringContaining("said this") });
});
