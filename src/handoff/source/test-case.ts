/** One test case of a test file, or a mark that leaves tests out. */
export interface TestCase {
  /** For people. */
  readonly name: string;
  /** Equal for what is the same test, or the same mark at it, however it is written. */
  readonly key: string;
  /** From 1. */
  readonly line: number;
}

export interface TestCases {
  readonly cases: readonly TestCase[];
  /** Marks that skip a test, or have only this one run; named with the test they stand at. */
  readonly skipped: readonly TestCase[];
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
