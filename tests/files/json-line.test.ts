import { expect, test } from "vitest";
import * as z from "zod/mini";
import { parseJsonLine, parseShallowJson } from "../../src/files/json-line.ts";

const schema = z.object({ a: z.number() });

test("a line in the form of the schema is its value", () => {
  expect(parseJsonLine('{"a":1,"b":2}', schema)).toEqual({ a: 1 });
});

test.each(["", "{", "null", "[]", '{"a":"1"}', "not json"])("'%s' is null", (line) => {
  expect(parseJsonLine(line, schema)).toBeNull();
});

test.each([5_000, 100_000])("what is nested %i levels deep is refused in words, whatever it is made of", (deep) => {
  for (const [open, close] of [
    ["[", "]"],
    ['{"a":', "}"],
  ] as const) {
    const text = `${open.repeat(deep)}1${close.repeat(deep)}`;
    expect(() => parseShallowJson(text)).toThrow("it is nested more than 200 levels deep");
  }
});

test("what people write is not", () => {
  const text = `${"[".repeat(100)}1${"]".repeat(100)}`;
  expect(JSON.stringify(parseShallowJson(text))).toBe(text);
});
