import { expect, test } from "vitest";
import { searchedFile } from "../../../src/review/finding/anchor.ts";
import { placeOthers, readOthers } from "../../../src/review/finding/others.ts";
import { wholeHunk } from "../../../src/workspace/git/hunks.ts";

const CLAUDES = {
  file: "a.js",
  line: 700,
  summary: "Reads past the end of the list, so that the total is NaN for every cart there is in the shop",
  failure_scenario: "An empty cart.",
  severity: "important",
  category: "security",
  code: "bad();",
};

test("findings in Claude Code's form, and a bare list of them, become ours", () => {
  const [finding] = readOthers({ findings: [CLAUDES] }) ?? [];
  expect(finding).toMatchObject({ severity: "major", category: "security", scenario: "An empty cart.", path: "a.js" });
  expect(finding?.title.length).toBe(60);
  expect(readOthers([CLAUDES, { file: "b.js", summary: "Odd" }])).toMatchObject([
    { path: "a.js" },
    { path: "b.js", severity: "minor", category: "correctness", scenario: "Odd", code: "" },
  ]);
});

test("findings in our own form are taken as they are", () => {
  const own = { title: "Odd", severity: "nit", category: "tests", scenario: "Never fails.", path: "a.js" };
  expect(readOthers({ findings: [own] })).toMatchObject([{ ...own, confidence: 0.5, code: "", suggestion: null }]);
});

test.each([null, 3, {}, { findings: "none" }, { findings: [{ summary: "without a file" }] }])(
  "%j is neither",
  (value) => {
    expect(readOthers(value)).toBeNull();
  },
);

test("a line that another tool names is not believed, and a quote is", () => {
  const versions = {
    path: "a.js",
    now: "good();\nbad();\n",
    before: "good();\n",
    hunks: [wholeHunk("good();\n", "good();\nbad();\n")],
  };
  const file = { ...searchedFile(versions), texts: { new: versions.now, old: versions.before } };
  const placed = placeOthers(readOthers([CLAUDES, { ...CLAUDES, code: undefined }]) ?? [], "merged", () => file);
  expect(placed).toMatchObject([{ anchor: { type: "exact", line: 2 } }, { anchor: { type: "unanchored" } }]);
  expect(placed.map(({ voices }) => voices)).toEqual([["merged"], ["merged"]]);
});
