import { expect, test } from "vitest";
import { bracketsOf, countUpTo, linesOf, outerOf } from "../../../src/handoff/source/text-places.ts";
import { dice } from "../../support/dice.ts";

test("lines are counted as by cutting the text", () => {
  for (let seed = 0; seed < 50; seed += 1) {
    const random = dice(seed);
    const below = (end: number) => Math.floor(random.number(end));
    const text = Array.from({ length: below(20) }, () => "\n\naé "[below(5)]).join("");
    const lineAt = linesOf(text);
    for (let at = 0; at <= text.length; at += 1) expect(lineAt(at)).toBe(text.slice(0, at).split("\n").length);
  }
});

test("numbers up to a limit are counted as by looking at each", () => {
  for (let seed = 0; seed < 50; seed += 1) {
    const random = dice(seed);
    const below = (end: number) => Math.floor(random.number(end));
    const sorted = Array.from({ length: below(12) }, () => below(20)).sort((one, other) => one - other);
    const limit = below(22);
    expect(countUpTo(sorted, limit)).toBe(sorted.filter((number) => number <= limit).length);
  }
});

test.each([
  [
    "a(b[c]{d})",
    [
      [1, 9],
      [3, 5],
      [6, 8],
    ],
  ],
  ["(a]", []],
  ["{ ) }", [[0, 4]]],
  ["({)}", [[1, 3]]],
])("%s has the brackets %j", (mask, pairs) => {
  expect([...bracketsOf(mask)].sort(([one], [other]) => one - other)).toEqual(pairs);
});

test.each([
  ["@A(b = {c}) void d(int e) { f(g); }", "@A(       ) void d(     ) { f( ); }"],
  ["a(b", "a(b"],
  ["[a(b)] c", "[    ] c"],
])("%s is %s on its outside", (mask, outer) => {
  expect(outerOf(mask)).toBe(outer);
});
