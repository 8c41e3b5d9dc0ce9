import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { commonPath, patternsMeet } from "../../../src/handoff/patterns/meet.ts";
import { pathPattern } from "../../../src/handoff/patterns/patterns.ts";
import { globPaths, globs } from "../../support/samples/random-globs.ts";
import { testAtRandom } from "../../support/trials.ts";

function common(one: string, other: string): string | null {
  return commonPath(pathPattern(one), pathPattern(other));
}

describe("two patterns", () => {
  test.each([
    ["src/a.ts", "src/a.ts"],
    ["./src/a.ts", "src/a.ts"],
    ["src/a.ts", "src/*.ts"],
    ["src/**", "**/*.test.ts"],
    ["src/", "src/deep/er/a.ts"],
    ["src/", "**/a/"],
    ["**/.env*", "packages/*/.env.local"],
    ["src/{auth,user}.ts", "src/u*.ts"],
    ["src/[a-c].ts", "src/[c-e].ts"],
    ["src/[^a].ts", "src/?.ts"],
    ["*a*b", "b*a*"],
    ["app/[id]/page.tsx", "app/**"],
    ["app/[id]/page.tsx", "app/[id]/page.tsx"],
    ["my dir/ü*.ts", "my dir/*ß.ts"],
    ["src/a.ts:1-10", "src/a.ts:10-20"],
    ["src/a.ts:1-10", "src/a.ts"],
    ["src/a.ts:7", "src/*.ts:5-9"],
  ])("%s and %s have a path in common", (one, other) => {
    expect(common(one, other)).not.toBeNull();
    expect(common(other, one)).not.toBeNull();
  });

  test.each([
    ["src/a.ts", "src/b.ts"],
    ["src/a.ts", "src/a.tsx"],
    ["src/*.ts", "src/deep/a.ts"],
    ["src/*.ts", "src/*.js"],
    ["src/**", "tests/**"],
    ["src/[a-c].ts", "src/[d-e].ts"],
    ["src/{a,b}.ts", "src/{c,d}.ts"],
    ["src/?.ts", "src/ab.ts"],
    ["src/a.ts:1-10", "src/a.ts:11-20"],
    ["src", "src/a.ts"],
  ])("%s and %s have none", (one, other) => {
    expect(common(one, other)).toBeNull();
    expect(common(other, one)).toBeNull();
  });

  const paths = globPaths();
  const met = { yes: 0, no: 0 };
  const two = fc.tuple(globs(), globs());
  testAtRandom("have a path in common exactly when some path fits both", { change: 300, full: 5_000 }, two, (texts) => {
    const [one, other] = [pathPattern(texts[0]), pathPattern(texts[1])];
    const found = commonPath(one, other);
    const both = paths.find((path) => one.matches(path) && other.matches(path)) ?? null;
    const told = `${one.text} and ${other.text}: ${both ?? found}`;
    if (found === null) expect(both, told).toBeNull();
    else expect([one.matches(found), other.matches(found)], told).toEqual([true, true]);
    met[found === null ? "no" : "yes"] += 1;
  });

  // Both answers are put to the test.
  afterAll(() => {
    if (met.yes + met.no >= 300) expect(Math.min(met.yes, met.no)).toBeGreaterThan(30);
  });

  test("are held against each other however much they leave open", () => {
    const [one, other] = [`${"*a".repeat(40)}b`, `${"a*".repeat(40)}c`];
    expect(common(one, other)).toBeNull();
    expect(common(`${"**/".repeat(40)}b`, `${"**/a/".repeat(20)}c`)).toBeNull();
  });
});

test("lists meet where one pattern meets another", () => {
  expect(patternsMeet(["docs/", "src/a.ts"], ["lib/", "src/*.ts"])).toBe(true);
  expect(patternsMeet(["docs/", "src/a.ts"], ["lib/"])).toBe(false);
  expect(patternsMeet([], ["lib/"])).toBe(false);
});
