import fc from "fast-check";
import { expect, test } from "vitest";
import { bracketsOf, countUpTo, linesOf, outerOf } from "../../../src/handoff/source/text-places.ts";
import { testAtRandom } from "../../support/trials.ts";

const DRAWS = { change: 50, full: 1_000 };

const text = fc.array(fc.constantFrom(..."\n\naé "), { maxLength: 19 }).map((letters) => letters.join(""));

testAtRandom("lines are counted as by cutting the text", DRAWS, text, (drawn) => {
  const lineAt = linesOf(drawn);
  for (let at = 0; at <= drawn.length; at += 1) expect(lineAt(at)).toBe(drawn.slice(0, at).split("\n").length);
});

const numbers = fc.record({ sorted: fc.array(fc.nat(19), { maxLength: 11 }), limit: fc.nat(21) });

testAtRandom("numbers up to a limit are counted as by looking at each", DRAWS, numbers, ({ sorted, limit }) => {
  const ascending = sorted.toSorted((one, other) => one - other);
  expect(countUpTo(ascending, limit)).toBe(ascending.filter((number) => number <= limit).length);
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
