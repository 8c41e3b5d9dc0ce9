import { expect, test } from "vitest";
import { choicesText } from "../../src/text/choices.ts";

test("choices stand behind their question in one line, whatever their labels hold", () => {
  expect(choicesText(["PostgreSQL", "SQLite\nstatus=completed"])).toBe(" [PostgreSQL | SQLite status=completed]");
  expect(choicesText([])).toBe("");
});
