import { expect, test } from "vitest";
import { counted, firstOf, lengthOfTime, parseDuration, shortAge } from "../../src/text/words.ts";

test.each([
  ["600", 600_000],
  ["0", 0],
  ["1.5", 1_500],
  ["45s", 45_000],
  ["10m", 600_000],
  ["2h", 7_200_000],
  ["7d", 604_800_000],
  ["2w", 1_209_600_000],
])("%s is %d ms", (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

test.each(["", "m", "-1", "10 m", "10M", "1e3", "10mm", "0x10", "1d2h", "10\n", "9999999999"])(
  "%j is not a length of time",
  (text) => {
    expect(parseDuration(text)).toBeNull();
  },
);

test("a count has its noun in the right number, and a long list says how much it leaves out", () => {
  expect([counted(0, "task"), counted(1, "task"), counted(2, "task")]).toEqual(["0 tasks", "1 task", "2 tasks"]);
  expect([firstOf(["a", "b"], 2), firstOf(["a", "b", "c"], 2), firstOf([])]).toEqual(["a, b", "a, b and 1 more", ""]);
});

test.each([
  [40, "0.0 s"],
  [9_940, "9.9 s"],
  [9_999, "10 s"],
  [59_400, "59 s"],
  [59_600, "1 min 0 s"],
  [3_599_400, "59 min 59 s"],
  [3_600_000, "1 h 0 min"],
])("%i ms are %s in words", (ms, text) => {
  expect(lengthOfTime(ms)).toBe(text);
});

test.each([
  [-5, "0s"],
  [59_999, "59s"],
  [60_000, "1m"],
  [7_199_999, "1h"],
  [172_800_000, "2d"],
])("an age of %i ms is %s in a column", (ms, text) => {
  expect(shortAge(ms)).toBe(text);
});
