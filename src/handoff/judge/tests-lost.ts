import { looksLikeTest } from "../../workspace/git/test-files.ts";
import type { ChangedFile } from "../facts/facts.ts";
import { familyOf } from "../source/stripped-text.ts";
import type { TestCase, TestCases } from "../source/test-case.ts";
import { testCasesIn } from "../source/test-cases.ts";

/** A test that no longer does its work. */
export interface LostTest {
  readonly path: string;
  /** Null: the whole file. */
  readonly name: string | null;
  /** In the file as it is now; null: it is not in there. */
  readonly line: number | null;
}

/** Test cases that are gone, and test files with all that they had. A case found in another changed file has moved. */
export function deletedTests(files: readonly ChangedFile[]): readonly LostTest[] {
  const sides = files.map((file) => ({ file, ...sidesOf(file) }));
  const arrived = new Stock(sides.flatMap(({ before, after }) => missingFrom(before.cases, after.cases)));
  const lost = sides.map(({ file, before, after }) => ({
    former: file.kind === "deleted" || !holdsTests(file.path) ? (file.from ?? file.path) : null,
    path: file.path,
    had: before.cases.length,
    missing: missingFrom(after.cases, before.cases).filter((test) => !arrived.take(test)),
  }));
  const whole = lost.flatMap(({ former, had, missing }) => {
    const isGone = former !== null && (had === 0 ? isTestCode(former) : missing.length === had);
    return isGone ? [{ path: former, name: null, line: null }] : [];
  });
  const gone = new Set(whole.map(({ path }) => path));
  const single = lost
    .filter(({ former }) => former === null || !gone.has(former))
    .flatMap(({ former, path, missing }) => missing.map(({ name }) => ({ path: former ?? path, name, line: null })));
  return [...whole, ...single];
}

/** Tests that are skipped now, or that keep others from being run, and were not before, here or in another changed file. */
export function skippedTests(files: readonly ChangedFile[]): readonly LostTest[] {
  const sides = files.map((file) => ({ path: file.path, ...sidesOf(file) }));
  const left = new Stock(sides.flatMap(({ before, after }) => missingFrom(after.skipped, before.skipped)));
  return sides.flatMap(({ path, before, after }) =>
    missingFrom(before.skipped, after.skipped)
      .filter((mark) => !left.take(mark))
      .map(({ name, line }) => ({ path, name, line })),
  );
}

/** How often there is what; each is taken once. */
class Stock {
  readonly #left = new Map<string, number>();

  constructor(all: readonly TestCase[]) {
    for (const { key } of all) this.#left.set(key, (this.#left.get(key) ?? 0) + 1);
  }

  take({ key }: TestCase): boolean {
    const times = this.#left.get(key) ?? 0;
    if (times > 0) this.#left.set(key, times - 1);
    return times > 0;
  }
}

/** Those of `all` that `known` has not, or not as often. */
function missingFrom(known: readonly TestCase[], all: readonly TestCase[]): TestCase[] {
  const stock = new Stock(known);
  return all.filter((one) => !stock.take(one));
}

/** What no name calls a test, and no text was read of, has no cases. */
function sidesOf({ path, from = path, before, after }: ChangedFile): { before: TestCases; after: TestCases } {
  const casesOf = (name: string, text: string | null) =>
    testCasesIn(name, text !== null && holdsTests(name) ? text : "");
  return { before: casesOf(from, before), after: casesOf(path, after) };
}

/** Rust keeps unit tests beside the code. */
function holdsTests(path: string): boolean {
  return looksLikeTest(path) || path.endsWith(".rs");
}

/** Not what tests are told in or what they read. */
function isTestCode(path: string): boolean {
  return looksLikeTest(path) && (familyOf(path) !== null || OTHER_CODE.test(path));
}

const OTHER_CODE =
  /\.(?:sh|bash|bats|ps1|exs?|erl|lua|p[lm]|t|r|jl|clj[cs]?|hs|mli?|fsx?|vb|zig|nim|feature|mm?|sql)$/i;
