import { expect, test } from "vitest";
import { hunksInside, hunksOutside } from "../../../src/handoff/patterns/line-ranges.ts";

test.each([
  ["the first line of the range", 45, 1, "45-89", true],
  ["the last line of the range", 89, 1, "45-89", true],
  ["all of the range", 45, 45, "45-89", true],
  ["the line before it", 44, 1, "45-89", false],
  ["the line behind it", 90, 1, "45-89", false],
  ["a run that reaches beyond it", 89, 2, "45-89", false],
  ["lines put in just before it", 44, 0, "45-89", true],
  ["lines put in just behind it", 89, 0, "45-89", true],
  ["lines put in one line too early", 43, 0, "45-89", false],
  ["lines put in one line too late", 90, 0, "45-89", false],
  ["the first lines of an empty file", 0, 0, "1-5", true],
  ["a run over two ranges that touch", 4, 4, "1-5,6-9", true],
  ["a run over two ranges with a gap", 4, 4, "1-5,7-9", false],
  ["a run over ranges one in the other", 2, 9, "1-20,3-4", true],
])("%s (%i, %i lines) against %s: inside is %s", (_, start, count, text, inside) => {
  const ranges = text.split(",").map((range) => {
    const [first = 0, last = 0] = range.split("-").map(Number);
    return { first, last };
  });
  const hunk = { before: { start, count }, after: { start, count: 1 } };
  expect(hunksOutside([hunk], ranges)).toEqual(inside ? [] : [hunk]);
});

test.each([
  ["a line of it", 45, 1, true],
  ["a run that reaches into it", 40, 6, true],
  ["a run around it", 1, 200, true],
  ["lines put in between", 45, 0, true],
  ["lines put in just before it", 44, 0, false],
  ["lines put in just behind it", 89, 0, false],
  ["the line before it", 44, 1, false],
  ["the line behind it", 90, 1, false],
])("%s (%i, %i lines) touches 45-89: %s", (_, start, count, touches) => {
  const hunk = { before: { start, count }, after: { start, count: 1 } };
  expect(hunksInside([hunk], { first: 45, last: 89 })).toEqual(touches ? [hunk] : []);
});
