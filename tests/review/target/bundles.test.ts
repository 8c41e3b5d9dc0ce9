import { expect, test } from "vitest";
import { bundlesOf } from "../../../src/review/target/bundles.ts";
import type { FileChange } from "../../../src/workspace/git/diff-trees.ts";

const file = (path: string, added: number | null = 10): FileChange => ({ path, kind: "changed", added, removed: 0 });
const pathsOf = (files: readonly FileChange[]) =>
  bundlesOf(files).map((bundle) => bundle.files.map(({ path }) => path));

test("a small change is one share", () => {
  expect(pathsOf([file("b.ts"), file("a.ts")])).toEqual([["a.ts", "b.ts"]]);
});

test("a test is read beside its source, wherever it lies", () => {
  const files = [
    file("src/cart/total.ts", 900),
    file("src/user/load.ts", 900),
    file("tests/cart/total.test.ts", 500),
    file("tests/user/test_load.py", 500),
  ];
  expect(pathsOf(files)).toEqual([
    ["src/cart/total.ts", "tests/cart/total.test.ts"],
    ["src/user/load.ts", "tests/user/test_load.py"],
  ]);
});

test("a file that is too long for one share has one to itself", () => {
  expect(pathsOf([file("a.ts"), file("b.ts", 9_000), file("c.ts")])).toEqual([["a.ts"], ["b.ts"], ["c.ts"]]);
});

test("five thousand files are a finite number of shares, each file in exactly one", () => {
  const files = Array.from({ length: 5_000 }, (_, at) => file(`src/f${at % 70}/m${at}.ts`, at % 3 === 0 ? null : 4));
  const bundles = bundlesOf(files);
  expect(bundles.length).toBe(125);
  expect(new Set(bundles.flatMap((bundle) => bundle.files.map(({ path }) => path))).size).toBe(5_000);
});
