import { describe, expect, test } from "vitest";
import { anchorQuote, type FileVersions, searchedFile } from "../../../src/review/finding/anchor.ts";
import { wholeHunk } from "../../../src/workspace/git/hunks.ts";
import { type Edit, edited } from "../../support/samples/edited-text.ts";

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
    { name: "with the number of its only line", code: "3: for (let at = 0; at <= items.length; at++) {", at: exact(3) },
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

  test("where the code stands twice in the change", () => {
    const twice = { before: "", now: "a();\nb();\nc();\na();\n" };
    expect(place("a();", twice)).toEqual({ type: "ambiguous", path: "cart.js", side: "new", lines: [1, 4] });
    // A header that is none of the diff's own is a guess, and both are near.
    expect(place("@@ -0,0 +4,1 @@\na();", twice)).toMatchObject({ type: "ambiguous" });
  });

  test("for a few letters that are not the whole of a line", () => {
    expect(place("sum")).toMatchObject({ type: "unanchored" });
    expect(place("}", { before: "a\n", now: "a\n}\n" })).toMatchObject(exact(2));
  });

  test("where a quote may be cut off in the change, and is whole elsewhere", () => {
    const versions = { before: "  go(first, second)\nx\n", now: "  go(first, second)\nx\n  go(first, second).done\n" };
    expect(place("go(first, second)", versions)).toMatchObject(exact(3));
    const longer = { ...versions, now: versions.now.replace("second).done", "second)OrElse") };
    expect(place("go(first, second)OrEl", longer)).toMatchObject(exact(3));
    const both = { before: "log(firstName)\nx\n", now: "log(firstName)\nx\ncatalog(firstName)\n" };
    expect(place("log(firstName)", both)).toMatchObject({ type: "ambiguous", lines: [3, 1] });
  });
});

describe("a hunk that the quote names", () => {
  const lines = Array.from({ length: 200 }, (_, at) => `line ${at}`);
  const twins: readonly Edit[] = [
    { at: 10, removed: 1, added: ["a();"] },
    { at: 30, removed: 0, added: ["b();", "a();"] },
    { at: 150, removed: 1, added: ["a();"] },
  ];
  const versions = edited(lines, twins);

  test.each([
    { name: "one of the diff's own", header: "@@ -11,1 +11,1 @@", at: exact(11) },
    { name: "one of the diff's own, as git prints it", header: "@@ -28,6 +28,8 @@ function b()", at: exact(32) },
    { name: "a guess with one place near it", header: "@@ -170,9 +172,9 @@", at: exact(153) },
    { name: "a guess with two places near it", header: "@@ -28,3 +28,3 @@", at: { type: "ambiguous" } },
    { name: "a guess with none near it", header: "@@ -90,3 +90,3 @@", at: { type: "ambiguous" } },
  ])("chooses among equal places when it is $name", ({ header, at }) => {
    expect(place(`${header}\n+a();`, versions)).toMatchObject(at);
  });
});
