import { describe, expect, test } from "vitest";
import { anchorQuote, type FileVersions, searchedFile } from "../../../src/review/finding/anchor.ts";
import { wholeHunk } from "../../../src/workspace/git/hunks.ts";

const BEFORE = `export function total(items) {
  let sum = 0;
  for (const item of items) {
    sum += item.price;
  }
  return sum;
}
`;
const NOW = `export function total(items) {
  let sum = 0;
  for (let at = 0; at <= items.length; at++) {
    sum += items[at].price;
  }
  return sum;
}

export function half(items) {
  return total(items) / 2;
}
`;

function place(code: string, versions: Partial<FileVersions> = {}) {
  const file = { path: "cart.js", now: NOW, before: BEFORE, hunks: null, ...versions };
  const hunks = file.hunks ?? [wholeHunk(file.before ?? "", file.now ?? "")];
  return anchorQuote(code, searchedFile({ ...file, hunks }));
}

const exact = (line: number, endLine = line, side = "new") => ({ type: "exact", path: "cart.js", side, line, endLine });

describe("quoted code is found", () => {
  test.each([
    { name: "as it stands", code: "  for (let at = 0; at <= items.length; at++) {", at: exact(3) },
    {
      name: "over several lines",
      code: "for (let at = 0; at <= items.length; at++) {\n    sum += items[at].price;",
      at: exact(3, 4),
    },
    {
      name: "indented otherwise",
      code: "\t\tfor (let at = 0; at <= items.length; at++) {\n\t\t\t\tsum += items[at].price;",
      at: exact(3, 4),
    },
    {
      name: "with the other line ends",
      code: "for (let at = 0; at <= items.length; at++) {\r\n    sum += items[at].price;\r\n",
      at: exact(3, 4),
    },
    { name: "wrapped", code: "for (let at = 0;\n  at <= items.length;\n  at++) {", at: exact(3) },
    { name: "as a part of its line", code: "at <= items.length", at: exact(3) },
    { name: "in a fence", code: "```js\nsum += items[at].price;\n```", at: exact(4) },
    {
      name: "with line numbers",
      code: "3: for (let at = 0; at <= items.length; at++) {\n4:   sum += items[at].price;",
      at: exact(3, 4),
    },
    { name: "cut at an ellipsis", code: "for (let at = 0; at <= items.length; at++) {\n…", at: exact(3) },
    { name: "cut in the middle of a word", code: "for (let at = 0; at <= items.len", at: exact(3) },
    {
      name: "as lines of a diff",
      code: "-  for (const item of items) {\n-    sum += item.price;\n+  for (let at = 0; at <= items.length; at++) {",
      at: exact(3),
    },
    { name: "on the old side, when it was removed", code: "for (const item of items) {", at: exact(3, 3, "old") },
    { name: "on the old side of a diff", code: "-    sum += item.price;", at: exact(4, 4, "old") },
    { name: "outside of the change, in the file", code: "let sum = 0;", at: exact(2) },
  ])("$name", ({ code, at }) => {
    expect(place(code)).toEqual(at);
  });

  test("in the change, rather than where the same stood before", () => {
    const twice = `${BEFORE}\nexport function again(items) {\n  return sum;\n}\n`;
    expect(place("return sum;", { now: twice })).toMatchObject({ type: "exact", line: 10 });
  });
});

describe("no place is made up", () => {
  test.each([
    { name: "for code that is nowhere", code: "return items.reduce(add, 0);" },
    { name: "for a part of a longer word", code: "tem" },
    { name: "for code that is only similar", code: "for (let at = 0; at < items.length; at++) {" },
    { name: "for no code", code: "  \n" },
    { name: "for a quote whose middle was left out", code: "let sum = 0;\n  return sum;" },
  ])("$name", ({ code }) => {
    expect(place(code)).toMatchObject({ type: "unanchored" });
  });

  test("where the code stands twice in the change, unless a hunk is named", () => {
    const twice = "a();\nb();\nc();\na();\n";
    const file = { before: "", now: twice };
    expect(place("a();", file)).toEqual({ type: "ambiguous", path: "cart.js", side: "new", lines: [1, 4] });
    expect(place("@@ -0,0 +4,1 @@\na();", file)).toMatchObject({ type: "exact", line: 4 });
  });
});
