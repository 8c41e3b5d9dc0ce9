import { expect, test } from "vitest";
import * as z from "zod/mini";
import { parseJsonLine } from "../../src/files/json-line.ts";

const schema = z.object({ a: z.number() });

test("a line in the form of the schema is its value", () => {
  expect(parseJsonLine('{"a":1,"b":2}', schema)).toEqual({ a: 1 });
});

test.each(["", "{", "null", "[]", '{"a":"1"}', "not json"])("'%s' is null", (line) => {
  expect(parseJsonLine(line, schema)).toBeNull();
});
