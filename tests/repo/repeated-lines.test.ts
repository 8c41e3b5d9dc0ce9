import { expect, test } from "vitest";
import { modulesIn } from "../support/documents/source-files.ts";

// No rule of the linter sees a statement that follows itself.
test("no line of code is written twice in a row", () => {
  const repeated = modulesIn("src").flatMap(({ path, text }) => {
    const lines = text.split("\n").map((line) => line.trim());
    return lines.flatMap((line, at) => (/\w{2}.*;$/.test(line) && line === lines[at + 1] ? [`${path}:${at + 1}`] : []));
  });
  expect(repeated).toEqual([]);
});
