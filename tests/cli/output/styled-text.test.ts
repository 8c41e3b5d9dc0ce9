import { expect, test } from "vitest";
import { type Line, piece, toText } from "../../../src/cli/output/styled-text.ts";

const named = (look: string, text: string) => `<${look}>${text}</>`;

test.each<{ name: string; line: Line; width: number; text: string }>([
  { name: "a line that fits is whole", line: [piece("abc"), piece("de")], width: 5, text: "abcde" },
  { name: "a longer one says that it goes on", line: [piece("abc"), piece("def")], width: 5, text: "abcd…" },
  { name: "also when a part of it ends at the edge", line: [piece("abc"), piece("d")], width: 3, text: "ab…" },
  { name: "a wide character is never cut in half", line: [piece("a漢字b")], width: 3, text: "a…" },
  { name: "it takes two columns", line: [piece("a漢字b")], width: 4, text: "a漢…" },
  { name: "an emoji of several characters stays one", line: [piece("a👩‍👩‍👧bcd")], width: 5, text: "a👩‍👩‍👧b…" },
  { name: "an accent stays with its letter", line: [piece("e\u0301fgh")], width: 2, text: "e\u0301…" },
  { name: "without a column there is nothing", line: [piece("abc", "bold")], width: 0, text: "" },
  {
    name: "paint takes no columns, and ends where it is cut",
    line: [piece("ab", "bold"), piece("cd", "red"), piece("ef", "dim")],
    width: 4,
    text: "<bold>ab</><red>c…</>",
  },
])("$name", ({ line, width, text }) => {
  expect(toText(line, width, named)).toBe(text);
});
