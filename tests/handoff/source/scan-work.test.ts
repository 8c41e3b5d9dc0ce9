import { expect, test, vi } from "vitest";
import type { ChangedFile } from "../../../src/handoff/facts/facts.ts";
import { testsLost } from "../../../src/handoff/judge/tests-lost.ts";
import { declarationsOf } from "../../../src/handoff/source/declarations.ts";
import { readSource } from "../../../src/handoff/source/stripped-text.ts";
import { testCalls } from "../../../src/handoff/source/test-calls.ts";
import { testCasesIn } from "../../../src/handoff/source/test-cases.ts";
import { TEST_FORMS } from "../../../src/handoff/source/test-forms.ts";

const counted = (times: number, line: (number: number) => string) => Array.from({ length: times }, (_, at) => line(at));

test.each<[string, (times: number) => unknown]>([
  [
    "many tests",
    (times) =>
      read(
        "a.test.js",
        counted(times, (at) => `test("t${at}", () => {});\n`),
      ),
  ],
  [
    "tests in dead code",
    (times) =>
      read(
        "a.test.js",
        counted(times, () => "if (false) {\nif (false) test('a', f);\n"),
      ),
  ],
  [
    "skips in tests",
    (times) =>
      read(
        "a.test.js",
        counted(times, () => "test('a', () => t.skip());\n"),
      ),
  ],
  [
    "disabled methods",
    (times) =>
      read(
        "ATest.java",
        counted(times, () => "@Disabled @Test void a() {}\n"),
      ),
  ],
  [
    "skips in functions",
    (times) =>
      read(
        "a_test.go",
        counted(times, () => "func TestA(t *testing.T) {\nt.Skip()\n}\n"),
      ),
  ],
  [
    "comments",
    (times) =>
      read(
        "tests/a.php",
        counted(times, () => "/** @test */ function a() {}\n"),
      ),
  ],
  [
    "pending examples",
    (times) =>
      read(
        "spec/a_spec.rb",
        counted(times, () => 'xit "a" do\n  skip\nend\n'),
      ),
  ],
  ["a file that is gone", (times) => lose(counted(times, (at) => `test("t${at}", f);\n`).join(""))],
  ["overloads", (times) => declarationsOf("a.ts", "export function a(): void;\n".repeat(times), "a")],
  ["declarations that nothing closes", (times) => declarationsOf("a.ts", "export function a(".repeat(times), "a")],
])("twice as much takes twice the work: %s", (_, scan) => {
  const once = workOf(() => scan(200));
  expect(once).toBeGreaterThan(200);
  expect(workOf(() => scan(400))).toBeLessThan(once * 2.3);
});

test("in no pattern anything but a word and the blanks of a place can be of any length", () => {
  const code = "if (false) test.skip.each(a)('b', { skip: true }, () => t.skip(`c`)); it('d', f)";
  const source = readSource("js", code);
  const patterns = Object.values(TEST_FORMS).flatMap((form) => Object.values(form).flat().filter(isPattern));
  const all = [...patterns, ...patternsUsed(() => testCalls(source))];
  expect(all.length).toBeGreaterThan(30);
  const sources = all.map((pattern) => pattern.source);
  expect(sources.filter((text) => UNBOUNDED.test(text.replaceAll("[ \\t]", "\\s")))).toEqual([]);
  // Where a run of blanks can be cut in two, all the ways to cut it are tried.
  expect(sources.filter((text) => /(?:(?:\\s|\[ \\t\])[*+]){2}/.test(text))).toEqual([]);
});

/** A group, a class, a dot or an escape but that of a word or a blank, repeated without end. */
const UNBOUNDED = /(?:(?<!\\)[)\].]|\\[^ws])(?:[*+]|\{\d+,\})/;

function patternsUsed(scan: () => unknown): RegExp[] {
  const used = new Set<RegExp>();
  const { exec } = RegExp.prototype;
  const spy = vi.spyOn(RegExp.prototype, "exec").mockImplementation(function (this: RegExp, text) {
    used.add(this);
    return exec.call(this, text);
  });
  try {
    scan();
  } finally {
    spy.mockRestore();
  }
  return [...used];
}

function isPattern(value: unknown): value is RegExp {
  return value instanceof RegExp;
}

function read(path: string, lines: readonly string[]): unknown {
  return testCasesIn(path, lines.join(""));
}

function lose(before: string): unknown {
  const file = { path: "a.test.js", kind: "deleted", added: 0, removed: 1, before, after: null } as const;
  const files: ChangedFile[] = [{ ...file, ignored: false, hunks: [] }];
  return testsLost(files);
}

/** How many characters are copied and looked through. */
function workOf(scan: () => unknown): number {
  let work = 0;
  const { slice, split, indexOf } = String.prototype;
  const { exec } = RegExp.prototype;
  const spies = [
    vi.spyOn(String.prototype, "slice").mockImplementation(function (this: string, from, to) {
      const piece = slice.call(this, from, to);
      work += piece.length;
      return piece;
    }),
    vi.spyOn(String.prototype, "split").mockImplementation(function (this: string, ...by: Parameters<typeof split>) {
      work += this.length;
      return Reflect.apply(split, this, by);
    }),
    vi.spyOn(String.prototype, "indexOf").mockImplementation(function (this: string, what, from = 0) {
      const at = indexOf.call(this, what, from);
      work += (at === -1 ? this.length : at) - from + 1;
      return at;
    }),
    vi.spyOn(RegExp.prototype, "exec").mockImplementation(function (this: RegExp, text) {
      const from = this.global || this.sticky ? this.lastIndex : 0;
      const found = exec.call(this, text);
      work += found === null ? (this.sticky ? 1 : text.length - from) : found.index + found[0].length - from + 1;
      return found;
    }),
  ];
  try {
    scan();
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
  return work;
}
