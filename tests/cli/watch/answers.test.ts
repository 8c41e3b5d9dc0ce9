import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { answerRows, answersOf, further, nextAnswer, type Reading } from "../../../src/cli/watch/answers.ts";
import { tempFolder } from "../../support/temp-folder.ts";
import { runningLike, watchedLike } from "./watched-like.ts";

const plain = (_: string, text: string) => text;
const size = { columns: 20, rows: 3 };
const reading = (...texts: readonly string[]): Reading => ({
  answers: texts.map((text) => ({ session: "@bee", text })),
  ...{ at: 0, from: 0 },
});

test("an answer is wrapped at blanks, read on page by page, and its marks are shown where nothing is painted", () => {
  const first = reading("The **cause** is in the parser, which drops a line.\n漢字漢字漢字漢字漢字漢字");
  expect(answerRows(first, { columns: 80, rows: 9 }, plain)).toEqual([
    "@bee  answer 1 of 1  (a: back, q leaves)",
    "The **cause** is in the parser, which drops a line.",
    "漢字漢字漢字漢字漢字漢字",
  ]);
  expect(answerRows(first, size, plain).slice(1)).toEqual(["The **cause** is in", "the parser, which"]);
  const second = further(first, size);
  expect(answerRows(second, size, plain).slice(1)).toEqual(["drops a line.", "漢字漢字漢字漢字漢字"]);
  const third = further(second, size);
  expect(answerRows(third, size, plain).slice(1)).toEqual(["漢字"]);
  expect(further(third, size)).toBe(third);
});

test("one answer leads to the next, and the last one back to the sessions", () => {
  const first = reading("One.", "Two.");
  expect(answerRows(first, { columns: 80, rows: 3 }, plain)[0]).toContain("answer 1 of 2  (a: next, q leaves)");
  const second = nextAnswer(first) ?? reading();
  expect(answerRows(second, size, plain)[1]).toBe("Two.");
  expect(nextAnswer(second)).toBeNull();
});

test("the newest answer comes first, without escapes; a session at work or without an answer has none", async () => {
  await using folder = await tempFolder();
  const finished = async (name: string, answer: string, updated_at: string) => {
    const run = join(folder.path, name);
    await mkdir(run);
    await writeFile(join(run, "result.json"), JSON.stringify({ answer }));
    const output = join(run, "report.md");
    return watchedLike({ state: { name, updated_at, current_run_dir: run, last_output_path: output } });
  };
  const sessions = [
    await finished("old", "Earlier.", "2026-01-02T11:00:00Z"),
    runningLike(),
    await finished("mute", "", "2026-01-02T11:10:00Z"),
    await finished("new", "\u001b[31mLater.", "2026-01-02T11:30:00Z"),
    watchedLike(),
  ];
  expect(answersOf(sessions)).toEqual([
    { session: "@new", text: "Later." },
    { session: "@old", text: "Earlier." },
  ]);
});
