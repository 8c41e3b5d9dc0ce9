/** A little job: a function with a bug, a test that shows it, and the edit that mends it. */
export const TASK = "The test of sum.mjs fails. Find the cause and mend it.";

export const BROKEN = {
  "sum.mjs": `export function sum(numbers) {
  let total = 0;
  for (let i = 0; i < numbers.length - 1; i++) total += numbers[i];
  return total;
}
`,
  "sum.test.mjs": `import assert from "node:assert";
import test from "node:test";
import { sum } from "./sum.mjs";

test("sum adds every number", () => assert.equal(sum([1, 2, 3]), 6));
`,
};

/** What the scripted model has Codex run: a real edit by a real command. */
export const MEND = `cat > sum.mjs <<'END'
export function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0);
}
END`;

/** What it says at the end. */
export const ANSWER =
  "`sum` ignored its last number because the loop ended one too early. It now adds all of them, and the test passes.";
