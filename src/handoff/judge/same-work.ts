import type { TestCase } from "../source/test-case.ts";

/** A test, by the words in it. */
export interface Work {
  readonly test: TestCase;
  /** What it does, without its name. */
  readonly does: ReadonlySet<string>;
  /** All that is said in it and right before it: its table, its name. */
  readonly says: ReadonlySet<string>;
}

/** A test that is new or changed, and may do the work of others that are gone. */
export interface Successor {
  readonly work: Work;
  /** What it was before; null: it is new. */
  readonly former: Work | null;
}

export function workIn(test: TestCase): Work {
  const does = new Set(wordsIn(test.body));
  return { test, does, says: new Set([...does, ...wordsIn(`${test.lead} ${JSON.stringify(test.name)}`)]) };
}

/** What a test alone of its file has. */
export interface Own {
  readonly words: readonly string[];
  /** Numbers, and what strings say. */
  readonly data: readonly string[];
}

export function ownIn(works: readonly Work[]): (work: Work) => Own {
  const times = new Map<string, number>();
  for (const { does } of works) for (const word of does) times.set(word, (times.get(word) ?? 0) + 1);
  return ({ test, does }) => {
    const words = [...does].filter((word) => times.get(word) === 1);
    const data = new Set((test.body.match(/"[^"\n]*"|'[^'\n]*'|`[^`]*`|\b\d+(?:\.\d+)?/g) ?? []).flatMap(wordsIn));
    return { words, data: words.filter((word) => data.has(word)) };
  };
}

/** How sure it must be that one test does the work of another. */
export interface Demands {
  readonly sameFile: boolean;
  /** It stands for several: the data of each must be in there. */
  readonly severalInOne: boolean;
}

/**
 * Whether a test does the work of one that is gone, whatever it is called: what the other one did is in there, and so is what only that
 * one had, so that a row of a table does not stand for tests that have none in it.
 */
export function doesWorkOf(
  lost: Work,
  own: Own,
  { work, former }: Successor,
  { sameFile, severalInOne }: Demands,
): boolean {
  // It did nothing.
  if (lost.does.size === 0) return former === null && sameFile;
  if (!sameFile && lost.does.size < TELLING) return false;
  // What was there before and says no more than it did has taken in nothing.
  if (former !== null && !own.words.some((word) => work.says.has(word) && !former.says.has(word))) return false;
  if (severalInOne && shareOf(own.data, work.says) < HALF) return false;
  const enough = sameFile ? ENOUGH.sameFile : ENOUGH.otherFile;
  return shareOf([...lost.does], work.says) >= enough && shareOf(own.words, work.says) >= HALF;
}

/** How much of a test must be found again in one of the same file, and in one of another file under another name. */
const ENOUGH = { sameFile: 0.6, otherFile: 0.8 } as const;
const HALF = 0.5;
/** Fewer words than this are in many tests. */
const TELLING = 3;

/** The words by which one test differs from another: names, numbers, what strings say. */
function wordsIn(code: string): readonly string[] {
  const words = code.match(/[\p{L}_$][\p{L}\p{N}_$]*|\d+(?:\.\d+)?/gu) ?? [];
  return words.filter((word) => !COMMON.has(word));
}

/** Words that all tests have. */
const COMMON = new Set(
  `a an the it test tests expect assert should async await const let var function return def self this new for of in if else is not
  and or to be with public void class func fn t ctx true false True False null None undefined pass end do then from import`.split(
    /\s+/,
  ),
);

function shareOf(wanted: readonly string[], there: ReadonlySet<string>): number {
  return wanted.length === 0 ? 1 : wanted.filter((word) => there.has(word)).length / wanted.length;
}
