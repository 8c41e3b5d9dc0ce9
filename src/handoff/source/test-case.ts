/** One test case of a test file. */
export interface TestCase {
  /** For people. */
  readonly name: string;
  /** Equal for what is the same test, however it is written. */
  readonly key: string;
  /** From 1. */
  readonly line: number;
  /** Its code but for its name: what it does. */
  readonly body: string;
  /** What stands before it and behind the test before: its table, its decorators, the loop it is in. */
  readonly lead: string;
  /** Where it stands in the text with plain line ends. */
  readonly start: number;
  readonly end: number;
}

/** A mark that leaves tests out, or has only these run. */
export interface SkipMark extends Pick<TestCase, "name" | "key" | "line"> {
  /** It depends on something that is asked where the tests run. */
  readonly conditional: boolean;
  /** The keys of the test cases that it is about. */
  readonly covers: readonly string[];
}

export interface TestCases {
  readonly cases: readonly TestCase[];
  readonly skipped: readonly SkipMark[];
}

/** A test case by its places in the code. */
export interface PlacedCase {
  readonly name: string;
  readonly key: string;
  readonly start: number;
  readonly end: number;
  /** Where the name stands. */
  readonly title: { readonly start: number; readonly end: number };
}

/** The cases with their texts. In the order of the code. */
export function withTexts(
  placed: readonly PlacedCase[],
  { code, lineAt }: { readonly code: string; readonly lineAt: (at: number) => number },
): readonly TestCase[] {
  let last = 0;
  return placed.map(({ name, key, start, end, title }, at) => {
    const lead = code.slice(Math.min(last, start), start);
    const holdsNext = (placed[at + 1]?.start ?? end) < end;
    last = Math.max(last, holdsNext ? title.end : end);
    const body = code.slice(start, title.start) + code.slice(title.end, end);
    return { name, key, line: lineAt(title.start), body, lead, start, end };
  });
}

/** A title as it is read, whichever quotes it stands in. */
export function titleOf(code: string): string {
  return code
    .replace(/\\([\s\S])/g, (written, character: string) =>
      /[nrt\n]/.test(character) ? " " : /[ux\d]/.test(character) ? written : character,
    )
    .replace(/\s+/g, " ")
    .trim();
}

/** Where the string ends that begins at `at`, its last quote; -1: none begins there. In a mask nothing is in a string. */
export function stringEnd(mask: string, at: number): number {
  const quote = mask[at] ?? "";
  return quote !== "" && "\"'`".includes(quote) ? mask.indexOf(quote, at + 1) : -1;
}

/** Enough of a piece of code to know it by. */
export function shortened(code: string): string {
  const line = code.slice(0, 400).replace(/\s+/g, " ").trim();
  return line.length > 160 ? `${line.slice(0, 159)}…` : line;
}
