import { expect, test } from "vitest";
import type { Anchor, Finding } from "../../../src/review/finding/finding.ts";
import { mergeFindings } from "../../../src/review/finding/merge.ts";
import { judgedFinding } from "../../support/samples/review.ts";

const CODE = "return items[items.length];";

const at = (line: number, endLine = line): Anchor => ({ type: "exact", path: "a.js", side: "new", line, endLine });

function found(voice: string, anchor: Anchor, overrides: Partial<Finding> = {}): Finding {
  return { ...judgedFinding(), path: "a.js", code: CODE, anchor, symbol: "last", voices: [voice], ...overrides };
}

const voices = (...lists: readonly Finding[][]) => mergeFindings(lists).map((finding) => finding.voices);
const unanchored: Anchor = { type: "unanchored", reason: "not there" };

test.each([
  { name: "the same lines", other: found("b", at(3)), together: true },
  { name: "lines that overlap", other: found("b", at(2, 3), { code: "x;" }), together: true },
  { name: "the same words without a place", other: found("b", unanchored), together: true },
  { name: "the same code at another place of the function", other: found("b", at(9)), together: false },
  {
    name: "the same lines, and another kind of fault",
    other: found("b", at(3), { category: "security" }),
    together: false,
  },
  { name: "the same code in another file", other: found("b", unanchored, { path: "b.js" }), together: false },
])("findings about $name are one: $together", ({ other, together }) => {
  expect(voices([found("a", at(3))], [other])).toEqual(together ? [["a", "b"]] : [["a"], ["b"]]);
});

test("the worse severity, the surer confidence and the place stand, whoever came first", () => {
  const vague = found("a", unanchored, { severity: "blocker", confidence: 0.2 });
  const [merged] = mergeFindings([[vague], [found("b", at(3), { severity: "minor", confidence: 0.8 })]]);
  expect(merged).toMatchObject({ severity: "blocker", confidence: 0.8, anchor: { type: "exact" }, voices: ["a", "b"] });
});
