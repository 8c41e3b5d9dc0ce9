import { looksLikeTest, lostTests } from "../workspace/test-files.ts";
import type { ChangedFile } from "./facts.ts";
import { type TestCase, testCasesIn } from "./test-cases.ts";

/** A test that no longer does its work. */
export interface LostTest {
  readonly path: string;
  /** Null: the whole file. */
  readonly name: string | null;
  /** In the file as it is now; null: it is not in there. */
  readonly line: number | null;
}

/** Test files that are gone, and test cases that are gone from files that stay. A case found in another changed file has moved. */
export function deletedTests(files: readonly ChangedFile[]): readonly LostTest[] {
  const whole = lostTests(files).map((path) => ({ path, name: null, line: null }));
  const arrived = new Set(files.flatMap((file) => gained(file, "cases").map(({ name }) => name)));
  const cases = files
    .filter(({ kind }) => kind !== "deleted")
    .flatMap((file) => lost(file).map((name) => ({ path: file.path, name, line: null })));
  return [...whole, ...cases.filter(({ name }) => !arrived.has(name))];
}

/** Tests that are skipped now, or that keep others from being run, and were not before. */
export function skippedTests(files: readonly ChangedFile[]): readonly LostTest[] {
  return files.flatMap((file) => gained(file, "skipped").map(({ name, line }) => ({ path: file.path, name, line })));
}

function lost(file: ChangedFile): string[] {
  const { before, after } = sides(file);
  return missingFrom(after.cases, before.cases).map(({ name }) => name);
}

function gained(file: ChangedFile, what: "cases" | "skipped"): TestCase[] {
  const { before, after } = sides(file);
  return missingFrom(before[what], after[what]);
}

/** Those of `all` that `known` has not, or not as often. */
function missingFrom(known: readonly TestCase[], all: readonly TestCase[]): TestCase[] {
  const left = new Map<string, number>();
  for (const { name } of known) left.set(name, (left.get(name) ?? 0) + 1);
  return all.filter(({ name }) => {
    const times = left.get(name) ?? 0;
    left.set(name, times - 1);
    return times <= 0;
  });
}

/** What no name calls a test, and no text was read of, has no cases. */
function sides({ path, from = path, before, after }: ChangedFile) {
  const casesOf = (name: string, text: string | null) =>
    testCasesIn(name, text !== null && holdsTests(name) ? text : "");
  return { before: casesOf(from, before), after: casesOf(path, after) };
}

/** Rust keeps unit tests beside the code. */
function holdsTests(path: string): boolean {
  return looksLikeTest(path) || path.endsWith(".rs");
}
