import stringWidth from "string-width";
import { expect, test } from "vitest";
import type { Paint } from "../../../src/cli/output/styled-text.ts";
import { statsText } from "../../../src/cli/stats/text.ts";
import { entry, handoffEntry, statsOfEntries } from "../../support/samples/ledger.ts";

const plain: Paint = (_, text) => text;
const stats = statsOfEntries([
  entry({ role: "writer", first_pass: true }),
  entry({ role: "writer", status: "failed" }),
  entry({ role: "写手", project: "/a/very/long/path/to/some/repository/of/somebody/that/nobody/would/type" }),
  entry({ role: "\u001b[31mevil\nrole", elapsed_ms: 7_500_000 }),
  handoffEntry(["scope"], { project: null }),
]);

test.each([20, 40, 60, 80, 100, 120, 200])("no line is wider than a terminal of %i columns", (columns) => {
  const lines = statsText(stats, columns, plain).split("\n");
  expect(lines.filter((line) => stringWidth(line) > columns)).toEqual([]);
});

test("on a narrow terminal nothing of a rate or a sentence is cut", () => {
  const text = statsText(stats, 40, plain);
  expect(text).toMatch(/^Completed without help {3}80\.0 %\n {2}4 of 5 {2}over 95 %: missed by 1 of 5$/m);
  expect(text).toMatch(/^Time {11}\S.*\n {15}\S/m);
  expect(text.split("\n").filter((line) => /^(Completed|Stayed|Right|Time|Tokens|Ended| {2}).*…/.test(line))).toEqual(
    [],
  );
});

test("bars are as long as their rates, in a table each one below the other", () => {
  const lines = statsText(stats, 120, plain).split("\n");
  const row = (name: string) => lines.find((line) => line.startsWith(name)) ?? "";
  const filled = (name: string) => row(name).split("█").length - 1;
  expect(filled("Completed without help")).toBe(Math.floor(24 * 0.8));
  expect(filled("Stayed in scope")).toBe(0);
  expect(row("写手").indexOf("█") + 2).toBe(row("writer").indexOf("█"));
  expect(filled("写手")).toBe(2 * filled("writer"));
});

test("what has no room is left out from the least important on", () => {
  const heads = (columns: number) =>
    statsText(stats, columns, plain)
      .split("\n")
      .find((line) => line.startsWith("Role"))
      ?.trim()
      .split(/ {2,}/)
      .slice(1);
  const all = ["runs", "completed", "in scope", "first try", "rounds", "median", "9 of 10", "tokens"];
  expect(heads(120)).toEqual(all);
  expect(heads(70)).toEqual(["runs", "completed", "in scope", "first try", "median"]);
  expect(heads(40)).toEqual(["runs", "completed"]);
  expect(heads(20)).toEqual(["runs"]);
});

test("a name cannot paint or break its line, and of a long path the end is kept", () => {
  const text = statsText(stats, 120, plain);
  expect(text).not.toContain("\u001b");
  expect(text).toMatch(/^evil role {2}█/m);
  expect(text).toMatch(/^….*that\/nobody\/would\/type {2}█/m);
});

test("colours are those of the painter, and come after cutting", () => {
  const painted = statsText(stats, 80, (look, text) => `<${look}>${text}</>`);
  expect(painted).toContain("<bold>5 runs</>");
  expect(
    painted
      .replaceAll(/<\/?\w*>/g, "")
      .split("\n")
      .map((line) => line.trimEnd()),
  ).toEqual(statsText(stats, 80, plain).split("\n"));
});
