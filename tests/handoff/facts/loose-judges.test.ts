import { expect, test } from "vitest";
import { looseJudges } from "../../../src/handoff/facts/loose-judges.ts";
import { changed } from "../../support/samples/handoff.ts";

const none = { files: [], switches: [], inCode: [] };

test.each([
  ["tsconfig.json", "npx tsc"],
  ["packages/a/tsconfig.build.json", "npx tsc"],
  ["eslint.config.mjs", "npm run lint"],
  [".eslintrc.json", "npm run lint"],
  ["ruff.toml", "ruff check"],
  ["crates/a/Cargo.toml", "cargo test"],
  ["pom.xml", "mvn test"],
  ["app/build.gradle.kts", "gradle test"],
  ["CMakeLists.txt", "ctest"],
  ["rules/test.inc", "make test"],
  ["tests/data/expected.json", "npm test"],
  ["test/__snapshots__/a.snap", "npm test"],
  ["tools/check.py", "python3 -B tools/check.py --all"],
  ["build.js", "npm ci && node build.js"],
  ["bin/verify", "./bin/verify"],
])("that %s was changed is named, as %s may go by it", (path, command) => {
  expect(looseJudges([changed(path)], [command], [])).toEqual({ ...none, files: [path] });
  expect(looseJudges([changed(path)], [command], [path])).toEqual(none);
});

test.each([
  ["src/a.ts", "npx eslint src/a.ts"],
  ["README.md", "npm test"],
  ["tests/a.test.js", "node --test tests/a.test.js"],
  ["package.json", "npm test"],
])("that %s was changed is not: it is the work, or tried as it was", (path, command) => {
  expect(looseJudges([changed(path)], [command], [])).toEqual(none);
});

test("new data of tests is the work's own", () => {
  const added = ["tests/data/new.json", "build.js"].map((path) => changed(path, { kind: "added" }));
  expect(looseJudges(added, ["node build.js"], [])).toEqual(none);
});

test.each([
  "// @ts-nocheck",
  "/* eslint-disable no-undef */",
  "x = 1  # type: ignore",
  "import os  # noqa: F401",
  "x() //nolint:errcheck",
  "#[allow(dead_code)]",
  '@SuppressWarnings("unchecked")',
  "/* c8 ignore next */",
  "#[cfg(any())]",
])("a new mark that switches a checker, or code, off is named with its line: %s", (line) => {
  const after = `a\n${line}\nb\n`;
  const hunks = [{ before: { start: 1, count: 0 }, after: { start: 2, count: 1 } }];
  expect(looseJudges([changed("src/a.py", { after, hunks })], [], [])).toEqual({ ...none, switches: ["src/a.py:2"] });
  // One that was there before is not the work's.
  const below = [{ before: { start: 2, count: 0 }, after: { start: 3, count: 1 } }];
  expect(looseJudges([changed("src/a.py", { after, hunks: below })], [], [])).toEqual(none);
});

test("a test that stands in the code and does something else is named, and one that is new, or moved down, is not", () => {
  const code = (...tests: readonly string[]) => `pub fn add() {}\n#[cfg(test)]\nmod tests {\n${tests.join("\n")}\n}\n`;
  const before = code("#[test] fn adds() { assert_eq!(add(1, 2), 3); }", "#[test] fn adds_more() { add(); }");
  const after = code("#[test] fn is_new() {}", "#[test] fn adds() { }", "#[test] fn adds_more() { add(); }");
  expect(looseJudges([changed("src/lib.rs", { before, after })], [], [])).toEqual({
    ...none,
    inCode: ['src/lib.rs "adds"'],
  });
});
