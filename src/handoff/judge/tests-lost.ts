import { looksLikeTest } from "../../workspace/git/test-files.ts";
import type { ChangedFile } from "../facts/facts.ts";
import { familyOf } from "../source/stripped-text.ts";
import type { TestCase, TestCases } from "../source/test-case.ts";
import { testCasesIn } from "../source/test-cases.ts";
import { doesWorkOf, ownIn, type Successor, workIn } from "./same-work.ts";

/** A test that no longer does its work. */
export interface LostTest {
  readonly path: string;
  /** Null: the whole file. */
  readonly name: string | null;
  /** In the file as it is now; null: it is not in there. */
  readonly line: number | null;
}

/** What became of the tests in the files that changed. */
export interface TestsLost {
  /** Test cases that are gone, and test files with all that they had. */
  readonly deleted: readonly LostTest[];
  /** Marks that leave out tests, and were not there before, here or in another changed file. */
  readonly skipped: readonly LostTest[];
}

/**
 * Holds the tests of the changed files against what they were. A case that is found in another changed file has moved; one whose work
 * another new or changed case does was given another title, or became a row of a table.
 */
export function testsLost(files: readonly ChangedFile[]): TestsLost {
  const sides = files.map((file) => ({ file, ...sidesOf(file) }));
  const succeeded = new Set<string>();
  return { deleted: deletedIn(sides, succeeded), skipped: skippedIn(sides, succeeded) };
}

interface Side {
  readonly file: ChangedFile;
  readonly before: TestCases;
  readonly after: TestCases;
}

/** Adds to `succeeded` the keys of the cases that do the work of former ones. */
function deletedIn(sides: readonly Side[], succeeded: Set<string>): readonly LostTest[] {
  const arrived = new Stock(sides.flatMap(({ before, after }) => missingFrom(before.cases, after.cases)));
  const gone = sides.map((side) => ({
    side,
    missing: missingFrom(side.after.cases, side.before.cases).filter((test) => !arrived.take(test)),
  }));
  const anyGone = gone.some(({ missing }) => missing.length > 0);
  const successors = anyGone ? successorsIn(sides, arrived) : [];
  const lost = gone.map(({ side, missing }) => {
    const { file, before } = side;
    const left = missing.length === 0 ? [] : withoutSuccessor(missing, side, successors, succeeded);
    const former = file.kind === "deleted" || !holdsTests(file.path) ? (file.from ?? file.path) : null;
    return { former, path: file.path, had: before.cases.length, missing: left };
  });
  const whole = lost.flatMap(({ former, had, missing }) => {
    const isGone = former !== null && (had === 0 ? isTestCode(former) : missing.length === had);
    return isGone ? [{ path: former, name: null, line: null }] : [];
  });
  const wholly = new Set(whole.map(({ path }) => path));
  const single = lost
    .filter(({ former }) => former === null || !wholly.has(former))
    .flatMap(({ former, path, missing }) => missing.map(({ name }) => ({ path: former ?? path, name, line: null })));
  return [...whole, ...single];
}

interface Candidate {
  readonly path: string;
  readonly successor: Successor;
  /** It can stand for one test only: nothing shows that it has several in it. */
  readonly once: boolean;
  taken: boolean;
}

function withoutSuccessor(
  missing: readonly TestCase[],
  { file, before }: Side,
  candidates: readonly Candidate[],
  succeeded: Set<string>,
): TestCase[] {
  const works = new Map(before.cases.map((test) => [test, workIn(test)]));
  const ownOf = ownIn([...works.values()]);
  // The tests of the same file are asked first.
  const near = candidates.filter(({ path }) => path === file.path);
  const far = candidates.filter(({ path }) => path !== file.path);
  return missing.filter((test) => {
    const work = works.get(test);
    if (work === undefined) return true;
    const own = ownOf(work);
    const heir = [...near, ...far].find((one) => {
      if (one.taken && one.once && own.words.length === 0) return false;
      const demands = { sameFile: one.path === file.path, severalInOne: one.taken || !one.once };
      return doesWorkOf(work, own, one.successor, demands);
    });
    if (heir === undefined) return true;
    heir.taken = true;
    succeeded.add(heir.successor.work.test.key);
    return false;
  });
}

/** The cases that are new or not as they were, but for those that have only moved. */
function successorsIn(sides: readonly Side[], arrived: Stock): readonly Candidate[] {
  return sides.flatMap(({ file, before, after }) => {
    const former = new Map(before.cases.map((test) => [test.key, test]));
    return after.cases.flatMap((test) => {
      const was = former.get(test.key) ?? null;
      const same = was !== null && was.body === test.body && was.lead === test.lead;
      if (same || (was === null && !arrived.take(test))) return [];
      const successor = { work: workIn(test), former: was === null ? null : workIn(was) };
      const once = was === null && !TABLE.test(`${test.lead} ${test.body} ${test.name}`);
      return [{ path: file.path, successor, once, taken: false }];
    });
  });
}

const TABLE =
  /\b(?:each|for|forEach|map|parametrize|parameterized|subTest|range|rstest|case|test_case|Theory|InlineData|TestCase|\w*Source|dataProvider|DataProvider|TestWith|with|with_data|DescribeTable|Entry|cases|table)\b|%[sdijo#]|\$\{/;

/** Marks that are new. One that asks for something where the tests run may stand at tests that are new as well. */
function skippedIn(sides: readonly Side[], succeeded: ReadonlySet<string>): readonly LostTest[] {
  const left = new Stock(sides.flatMap(({ before, after }) => missingFrom(after.skipped, before.skipped)));
  const known = new Set([...sides.flatMap(({ before }) => before.cases.map(({ key }) => key)), ...succeeded]);
  return sides.flatMap(({ file, before, after }) =>
    missingFrom(before.skipped, after.skipped)
      .filter((mark) => !left.take(mark))
      .filter(({ conditional, covers }) => !conditional || covers.some((key) => known.has(key)))
      .map(({ name, line }) => ({ path: file.path, name, line })),
  );
}

interface Keyed {
  readonly key: string;
}

/** How often there is what; each is taken once. */
class Stock {
  readonly #left = new Map<string, number>();

  constructor(all: readonly Keyed[]) {
    for (const { key } of all) this.#left.set(key, (this.#left.get(key) ?? 0) + 1);
  }

  take({ key }: Keyed): boolean {
    const times = this.#left.get(key) ?? 0;
    if (times > 0) this.#left.set(key, times - 1);
    return times > 0;
  }
}

/** What `all` has and `known` has not, or not as often. */
function missingFrom<One extends Keyed>(known: readonly Keyed[], all: readonly One[]): One[] {
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

/** Not the words that tests are written in, and not what they read. */
function isTestCode(path: string): boolean {
  return looksLikeTest(path) && (familyOf(path) !== null || OTHER_CODE.test(path));
}

const OTHER_CODE =
  /\.(?:sh|bash|bats|ps1|exs?|erl|lua|p[lm]|t|r|jl|clj[cs]?|hs|mli?|fsx?|vb|zig|nim|feature|mm?|sql)$/i;
