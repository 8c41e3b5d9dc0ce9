import fc from "fast-check";
import { expect, test } from "vitest";
import { cutStrings } from "../../src/files/cut-strings.ts";

interface Cut {
  /** What is left of the JSON, parsed. */
  readonly left: unknown;
  /** The whole of each string that was cut. */
  readonly whole: readonly string[];
}

function cut(json: Buffer, most: number, chunkSize = json.length): Cut {
  const whole: Buffer[][] = [];
  const cutter = cutStrings({
    most,
    open() {
      const parts: Buffer[] = [];
      whole.push(parts);
      return { write: (text) => parts.push(Buffer.from(text)), end: () => "[cut]" };
    },
  });
  for (let at = 0; at < json.length; at += chunkSize) cutter.push(json.subarray(at, at + chunkSize));
  const left = cutter.end();
  expect(left.length).toBe(cutter.size());
  return {
    left: JSON.parse(left.toString("utf8")),
    whole: whole.map((parts) => Buffer.concat(parts).toString("utf8")),
  };
}

test.each([
  {
    name: "short strings stay as they are",
    value: { a: "abc", b: ["d\n", 1, null] },
    left: { a: "abc", b: ["d\n", 1, null] },
  },
  { name: "a string of just the length stays", value: { a: "abcde" }, left: { a: "abcde" } },
  {
    name: "a long one is cut, and what follows is there",
    value: { a: "abcdef", b: 2 },
    left: { a: "abcde[cut]", b: 2 },
  },
  { name: "an escape is never cut in two", value: { a: 'abcd"f' }, left: { a: 'abcd"[cut]' } },
  { name: "a character is never cut in two", value: { a: "abcé…" }, left: { a: "abcé[cut]" } },
  { name: "braces and quotes inside say nothing", value: { a: '{"\\', b: "x" }, left: { a: '{"\\', b: "x" } },
  { name: "a key is a string too", value: { abcdefg: 1 }, left: { "abcde[cut]": 1 } },
])("$name", ({ value, left }) => {
  expect(cut(Buffer.from(JSON.stringify(value)), 5).left).toEqual(left);
});

test("the whole of what is cut is text, whatever it was escaped as and wherever the chunks end", () => {
  const ascii = (json: string) =>
    json.replace(/[^\u0000-\u007f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
  const samples = fc.record({
    text: fc.string({ unit: "binary", minLength: 30, maxLength: 60 }),
    size: fc.integer({ min: 1, max: 9 }),
    escaped: fc.boolean(),
  });
  fc.assert(
    fc.property(samples, ({ text, size, escaped }) => {
      const json = JSON.stringify({ before: "b", text, after: "a" });
      const { left, whole } = cut(Buffer.from(escaped ? ascii(json) : json), 20, size);
      expect(whole).toEqual([text]);
      expect(left).toMatchObject({ before: "b", after: "a" });
    }),
  );
});

test("half of a pair is not text, and harms nothing", () => {
  const { whole } = cut(Buffer.from('"0123456789\\ud83d x \\ude00 \\ud83d\\ud83d\\ude00"'), 5);
  expect(whole).toEqual(["0123456789\ufffd x \ufffd \ufffd😀"]);
});
