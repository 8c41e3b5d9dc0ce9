import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { isCovered, pathsNamedBy } from "../../../src/handoff/patterns/covered.ts";
import { pathPattern } from "../../../src/handoff/patterns/patterns.ts";
import { globPaths, globs } from "../../support/samples/random-globs.ts";
import { testAtRandom } from "../../support/trials.ts";

function covered(one: string, ...others: readonly string[]): boolean {
  return isCovered(pathPattern(one), others.map(pathPattern));
}

test.each([
  ["src/a.ts", ["src/a.ts"]],
  ["src/a.ts", ["src/**"]],
  ["./src/a.ts", ["src/"]],
  ["src/", ["src/"]],
  ["src/gen/**", ["src/**"]],
  ["src/**/*.ts", ["src/"]],
  ["src/*.ts", ["**/*.ts"]],
  ["src/{a,b}.ts", ["src/a.ts", "src/b.ts"]],
  ["src/{a,b}/", ["src/[ab]/**"]],
  ["src/[a-c].ts", ["src/[ab].ts", "src/?.ts"]],
  ["src/[ab][cd].ts", ["src/[a-d][a-d].ts"]],
  ["app/[id]/page.tsx", ["app/**"]],
  ["src/+(a|b).ts", ["src/+(a|b).ts"]],
  ["src/a.ts:5-9", ["src/a.ts"]],
  ["src/a.ts:5-9", ["src/*.ts:1-9"]],
  ["packages/*/src/", ["packages/**"]],
])("nothing is left of %s without %j", (one, others) => {
  expect(covered(one, ...others)).toBe(true);
});

test.each([
  ["src/", ["src/a.ts"]],
  ["src/**", ["src/gen/**"]],
  ["src/", ["**/.env*"]],
  ["lib/**", ["lib/generated/**", "**/*.snap", "lib/secret.txt"]],
  ["src/**/*.ts", ["src/*.ts"]],
  ["src/", ["src/**/*.ts"]],
  ["src/{a,b}.ts", ["src/a.ts"]],
  ["src/a.ts", ["src/a.ts:1-9"]],
  ["src/a.ts:5-12", ["src/a.ts:1-9"]],
  ["src/a.ts", ["src/a.tsx", "src"]],
  ["packages/api/**", ["packages/*/dist/**"]],
  ["src/[ab].ts", ["src/a.ts"]],
  ["src/[a-d].ts", ["src/[abd].ts"]],
  ["src/?.ts", ["src/[!a].ts"]],
  ["src/[!a].ts", ["src/[!b].ts"]],
  [`src/${"[a-z]".repeat(9)}.ts`, ["src/a*.ts"]],
  ["src/a.ts", []],
])("something is left of %s without %j", (one, others) => {
  expect(covered(one, ...others)).toBe(false);
});

const paths = globPaths();
const times = { tried: 0, covered: 0 };

testAtRandom(
  "nothing is left only where no path is",
  { change: 300, full: 5_000 },
  fc.tuple(globs(), globs()),
  ([one, other]) => {
    times.tried += 1;
    if (!covered(one, other)) return;
    times.covered += 1;
    const [wide, narrow] = [pathPattern(other), pathPattern(one)];
    expect(paths.filter((path) => narrow.matches(path) && !wide.matches(path))).toEqual([]);
  },
);

// Often enough, something was covered.
afterAll(() => {
  if (times.tried >= 300) expect(times.covered).toBeGreaterThan(10);
});

test.each([
  ["src/a.ts", ["src/a.ts"]],
  ["src/a.ts:5-9", ["src/a.ts"]],
  ["src/{a,b}.{js,ts}", ["src/a.js", "src/a.ts", "src/b.js", "src/b.ts"]],
  ["src/", []],
  ["src/*.ts", []],
  ["src/{a,*}.ts", []],
])("%s names %j", (pattern, paths) => {
  expect([...pathsNamedBy(pathPattern(pattern))].sort()).toEqual(paths);
});
