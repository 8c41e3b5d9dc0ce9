import fc from "fast-check";
import { expect, test } from "vitest";
import { culpritAmong } from "../../../src/batch/run/culprit.ts";
import { testAtRandom } from "../../support/trials.ts";

const cases = fc
  .integer({ min: 1, max: 60 })
  .chain((size) => fc.record({ size: fc.constant(size), bad: fc.nat(size - 1) }));

testAtRandom(
  "the culprit is found among any number of results, by halves",
  { change: 20, full: 2_000 },
  cases,
  async ({ size, bad }) => {
    const ids = Array.from({ length: size }, (_, at) => `t${at}`);
    let asked = 0;
    const holds = async (some: readonly string[]) => {
      asked += 1;
      return !some.includes(`t${bad}`);
    };
    expect(await culpritAmong(ids, holds)).toBe(`t${bad}`);
    expect(asked).toBeLessThanOrEqual(2 + Math.ceil(Math.log2(size)));
  },
);

test("two that fail only together: the later one is named", async () => {
  const holds = async (some: readonly string[]) => !(some.includes("b") && some.includes("d"));
  expect(await culpritAmong(["a", "b", "c", "d", "e"], holds)).toBe("d");
});

test("no result is blamed for a check that fails without them", async () => {
  expect(await culpritAmong(["a", "b"], async () => false)).toBeNull();
});
