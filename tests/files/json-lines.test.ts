import { expect, test } from "vitest";
import { lineSplitter } from "../../src/files/json-lines.ts";

function split(...chunks: readonly (string | Buffer)[]): readonly string[] {
  const lines: string[] = [];
  const feed = lineSplitter((line) => lines.push(line.toString("utf8")));
  for (const chunk of chunks) feed(Buffer.from(chunk));
  return lines;
}

test.each([
  { name: "many lines in a chunk come one by one", chunks: ["a\nb\nc\n"], lines: ["a", "b", "c"] },
  { name: "a line over many chunks comes once", chunks: ["a", "b", "", "c\n"], lines: ["abc"] },
  { name: "a chunk may end one line and begin the next", chunks: ["a\nb", "c\nd", "\n"], lines: ["a", "bc", "d"] },
  { name: "a border beside the line's end loses nothing", chunks: ["a", "\n", "b\n"], lines: ["a", "b"] },
  { name: "empty lines are lines", chunks: ["\n\na\n", "\n"], lines: ["", "", "a", ""] },
  { name: "a line that is not finished is held back", chunks: ["a\nb"], lines: ["a"] },
  { name: "nothing is not a line", chunks: [""], lines: [] },
])("$name", ({ chunks, lines }) => {
  expect(split(...chunks)).toEqual(lines);
});

test("a chunk border may fall anywhere, inside a character too", () => {
  const bytes = Buffer.from('{"text":"é€😀"}\n{"text":"ß"}\n');
  for (let border = 0; border <= bytes.length; border++) {
    expect(split(bytes.subarray(0, border), bytes.subarray(border))).toEqual(['{"text":"é€😀"}', '{"text":"ß"}']);
  }
  expect(split(...Array.from(bytes, (byte) => Buffer.from([byte])))).toEqual(['{"text":"é€😀"}', '{"text":"ß"}']);
});

test("a line of many megabytes comes whole", () => {
  const chunk = "x".repeat(65_536);
  const lines = split(...Array.from({ length: 320 }, () => chunk), "end\nnext\n");
  expect(lines.map((line) => line.length)).toEqual([320 * 65_536 + 3, 4]);
});

test("a line beyond all measure is skipped, and the next one is heard", () => {
  const lines: string[] = [];
  const feed = lineSplitter((line) => lines.push(line.toString("utf8")));
  const chunk = Buffer.alloc(1024 * 1024, "x");
  for (let fed = 0; fed <= 256; fed++) feed(chunk);
  feed(Buffer.from("the rest of it\nnext\n"));
  expect(lines).toEqual(["next"]);
});
