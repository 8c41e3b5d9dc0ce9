import { expect, test } from "vitest";
import { anchorDistorted, DISTORTIONS, type Distortion, TWINS } from "../../support/samples/distorted-quotes.ts";
import { isKnownAgain, mergedCount, REPEATS, type Repeat } from "../../support/samples/repeated-findings.ts";
import {
  pythonSources,
  type SeededFault,
  seededFaults,
  typeScriptSources,
} from "../../support/samples/seeded-faults.ts";
import { testUnderLoad } from "../../support/trials.ts";

// The same faults in the same files whenever it runs.
const SEED = 20_261_128;

function faultsOf(count: number): readonly SeededFault[] {
  return [typeScriptSources(), pythonSources()].flatMap((sources) => seededFaults(sources, count, SEED));
}

/** Every fault in every distortion, with equal code nowhere else, elsewhere in the file, and elsewhere in the change. */
function anchored(faults: readonly SeededFault[]) {
  const told = (Object.keys(DISTORTIONS) as Distortion[]).flatMap((distortion) =>
    TWINS.flatMap((twin) =>
      faults.map((fault, seed) => ({ twin, ...anchorDistorted(fault, { distortion, twin, seed }) })),
    ),
  );
  const alone = told.filter(({ twin }) => twin !== "in the change");
  return {
    all: told.length,
    wrong: told.filter(({ verdict }) => verdict === "wrong"),
    /** Of those that stand in the change once. */
    right: alone.filter(({ verdict }) => verdict === "right").length / Math.max(1, alone.length),
  };
}

/** How many of the faults a second review knows again, by what lies between the two. */
function knownAgain(faults: readonly SeededFault[]): Record<Repeat, number> {
  const rate = (repeat: Repeat) => faults.filter((fault) => isKnownAgain(fault, repeat)).length / faults.length;
  const rates = (Object.keys(REPEATS) as Repeat[]).map((repeat) => [repeat, rate(repeat)] as const);
  return Object.fromEntries(rates) as Record<Repeat, number>;
}

const ALL_KNOWN = {
  reworded: 1,
  "re-indented": 1,
  moved: 1,
  renamed: 1,
  "quoted with the next line": expect.anything(),
};

test("faults in real TypeScript and Python are found where they are, or nowhere; and known again", () => {
  const faults = faultsOf(10);
  const { wrong, right } = anchored(faults);
  expect(wrong).toEqual([]);
  expect(right).toBeGreaterThan(0.9);
  expect(knownAgain(faults)).toEqual(ALL_KNOWN);
  expect(mergedCount(faults)).toBe(faults.length);
});

testUnderLoad("the same with many faults, measured", async () => {
  const faults = faultsOf(300);
  const { all, wrong, right } = anchored(faults);
  const known = knownAgain(faults);
  const merged = mergedCount(faults);
  process.stdout.write(
    `${JSON.stringify({ faults: faults.length, all, wrong: wrong.length, right, known, merged })}\n`,
  );
  expect(wrong).toEqual([]);
  expect(right).toBeGreaterThan(0.95);
  expect(known).toEqual(ALL_KNOWN);
  expect(known["quoted with the next line"]).toBeGreaterThan(0.85);
  expect(merged / faults.length).toBeGreaterThan(0.99);
});
