import { expect, test } from "vitest";
import { ignoredFilter } from "../../../src/handoff/facts/ignored-filter.ts";
import { pathPattern } from "../../../src/handoff/patterns/patterns.ts";

test.each([
  [".env", "node_modules", false],
  ["config/.env", "config", true],
  ["config/.env", "config/deep", false],
  ["config/.env", "other", false],
  ["build/", "build", true],
  ["build/", "build/deep/er", true],
  ["build/", "node_modules", false],
  ["*.log", "logs", false],
  ["*/*.log", "logs", true],
  ["*/*.log", "logs/deep", false],
  ["**/*.log", "node_modules/x", true],
  ["packages/*/dist/**", "packages/a", true],
  ["packages/*/dist/**", "packages/a/dist/deep", true],
  ["packages/*/dist/**", "packages/a/node_modules", false],
  ["{a,b/c}/*.log", "anything", true],
  ["!(src)/**", "anything", true],
  ["!src/**", "anything", false],
  ["lo*s/**", "line\nlogs", false],
  ["l*s/**", "l\ns", true],
])("%s reaches into %j: %s", (pattern, folder, reaches) => {
  expect(ignoredFilter([pathPattern(pattern)])?.reaches(folder)).toBe(reaches);
});

test("of several patterns one is enough, and without any there is nothing to look at", () => {
  const filter = ignoredFilter([".env", "build/**"].map(pathPattern));
  expect(["build/a", ".env", "a.txt"].map((path) => filter?.matches(path))).toEqual([true, true, false]);
  expect(ignoredFilter([])).toBeNull();
});

test("no pattern is a negation: as one of several it would mean nearly everything", () => {
  expect(pathPattern("!**/*.env").matches("src/a.ts")).toBe(false);
  expect(pathPattern("!a.ts")).toMatchObject({ literal: true });
  expect(pathPattern("src/!(secret).js").matches("src/a.js")).toBe(true);
  expect(pathPattern("src/!(secret).js").matches("src/secret.js")).toBe(false);
});

test("a line break in a name is a character like any other", () => {
  expect(pathPattern("secret/").matches("secret/a\nb")).toBe(true);
  expect(pathPattern("src/**/*.ts").matches("src/a\nb/c\n.ts")).toBe(true);
});
