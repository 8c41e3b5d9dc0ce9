import type { Family } from "./stripped-text.ts";

/** How tests are written and left out in a family of languages. All patterns are global, and for code without comments and strings. */
export interface TestForm {
  /** A test by its own name, the first group. */
  readonly named: readonly RegExp[];
  /** Ends where the title of a test begins. */
  readonly titled: readonly RegExp[];
  /** A mark that makes a test of what is declared next. */
  readonly makers: readonly RegExp[];
  /** What is declared: the first group that matched is its name; without one it ends the search for it. */
  readonly declared: RegExp | null;
  /** Marks, the first group, that leave out what is declared next. */
  readonly above: readonly RegExp[];
  /** Marks that leave out the test they are in, or that stands before them. */
  readonly inside: readonly RegExp[];
  /** Marks that end where the title begins of what they leave out. */
  readonly ahead: readonly RegExp[];
  /** Marks that stand at nothing that has a name. */
  readonly loose: readonly RegExp[];
  /** What makes a plan of the test that stands before it. */
  readonly plans: RegExp | null;
}

const NONE: TestForm = {
  named: [],
  titled: [],
  makers: [],
  declared: null,
  above: [],
  inside: [],
  ahead: [],
  loose: [],
  plans: null,
};

/** A class that has the tests of another one, and nothing else. */
const INHERITING = /^[ \t]*class[ \t]+(Test\w*)[ \t]*\([^\n]{0,300}\)[ \t]*:\s{0,80}(?:pass\b|\.\.\.)/gm;

/** JavaScript is read call by call. */
export const TEST_FORMS: Readonly<Record<Exclude<Family, "js">, TestForm>> = {
  python: {
    ...NONE,
    named: [/^[ \t]*(?:async[ \t]+)?def[ \t]+(test\w*)/gm, INHERITING],
    declared: /^[ \t]*(?:(?:async[ \t]+)?def|class)[ \t]+(\w+)/gm,
    above: [/^[ \t]*@(?:\w+\.){0,6}(skip|skipif|skipIf|skipUnless|xfail|expectedFailure)\b/gm],
    inside: [
      /\bpytest\.(skip|xfail|importorskip)\s*\(/g,
      /\bself\.(skipTest)\s*\(/g,
      /\braise\s+(?:\w+\.)?(SkipTest)\b/g,
    ],
    // In `pytestmark` and at the rows of a table.
    loose: [/(?<!@(?:\w+\.){0,6})\bmark\.(skip|skipif|xfail)\b/g],
  },
  go: {
    ...NONE,
    // The methods of a suite (testify) have a receiver.
    named: [
      /^func[ \t]+((?:Test|Benchmark|Example|Fuzz)\w*)[ \t]*\(/gm,
      /^func[ \t]*\(\s*\w+\s+\*?\w+\s*\)[ \t]*(Test\w*)[ \t]*\(\s*\)/gm,
    ],
    titled: [
      /(?<![\w.])(?:t|b|f|tb|s|suite)\.Run\(\s*/g,
      /(?<![\w.])(?:ginkgo\.)?[PXF]?(?:It|Specify|Entry|DescribeTable)\(\s*/g,
    ],
    ahead: [/(?<![\w.])(?:ginkgo\.)?([PXF])(?:It|Specify|Entry|Describe|Context|When|DescribeTable)\(\s*/g],
    // A reader can skip too.
    inside: [/(?:(?<![\w.])(?:t|b|f|tb)|\bT\(\))\.(Skip)(?:f|Now)?\(/g, /(?<![\w.])(?:ginkgo\.)?(Skip)\(\s*"/g],
  },
  rust: {
    ...NONE,
    makers: [/#\[\s*(?:\w+::){0,6}(?:test|rstest|test_case)\b/g],
    declared: /\bfn\s+(\w+)|[{};]/g,
    above: [/#\[\s*(ignore)\b/g, /#\[\s*cfg_attr\s*\([^\]]{0,300}?\b(ignore)\b/g],
  },
  java: {
    ...NONE,
    // JUnit 3 and XCTest know a test by its name, googletest and Catch2 by a macro, Dart and Scala by a call.
    named: [
      /^[ \t]*(?:public[ \t]+void|(?:override[ \t]+)?func)[ \t]+(test\w*)[ \t]*\(\s*\)/gm,
      /^[ \t]*(?:TEST|TEST_F|TEST_P|TYPED_TEST)\(\s*(\w+\s*,\s*\w+)\s*\)/gm,
    ],
    titled: [/^[ \t]*(?:TEST_CASE|SCENARIO|SECTION|SUBCASE)\(\s*/gm, /^[ \t]*(?:test|testWidgets|it|should)\(\s*/gm],
    makers: [
      /@(?:\w+\.){0,6}(?:Test|ParameterizedTest|RepeatedTest|TestFactory)\b/g,
      /\[\s*(?:Test|Fact|Theory|TestMethod|TestCase)\b/g,
    ],
    declared:
      /(?<![\w@.$])(?:(?:class|interface|object|record)\s+(\w+)|(?!(?:public|private|protected|internal|static|async|override)\s)(`[^`\n]{1,300}`|\w+)(?:<[^<>(){};]{0,200}>)?\s*\(|[{};])/g,
    above: [
      /@(?:\w+\.){0,6}(Disabled|Ignore)\w*/g,
      /@(?:\w+\.){0,6}(Enabled)(?:On|If|For)\w+/g,
      /\[\s*(Ignore)\b/g,
      /\[\s*(?:Fact|Theory)\s*\([^\]]{0,500}?\b(Skip)\s*=/g,
    ],
  },
  ruby: {
    ...NONE,
    named: [/^[ \t]*def[ \t]+(test_\w+)/gm],
    titled: [/^[ \t]*[xf]?(?:it|specify|scenario|test)[ \t(][ \t]*/gm],
    ahead: [/^[ \t]*([xf])(?:it|describe|context|specify)[ \t(][ \t]*/gm],
    inside: [/^[ \t]*(skip|pending)\b(?![ \t]*[=.])/gm],
  },
  php: {
    ...NONE,
    named: [/\bfunction[ \t]+(test\w*)[ \t]*\(/g],
    titled: [/(?<![\w$>:])(?:it|test)\s*\(\s*/g],
    makers: [/#\[\s*(?:\w+\\){0,6}Test\b/g],
    declared: /\bfunction\s+(\w+)|[{};]/g,
    // A query can skip too: a test is skipped for a reason, or for none.
    inside: [/\b(markTest(?:Skipped|Incomplete))\s*\(/g, /\)\s*->(skip|only)\s*\(\s*(?=["')]|fn\b|function\b|true\b)/g],
    plans: /\)\s*->todo\s*\(/g,
  },
};

/** Above a function of PHP, in the comment that documents it. */
export const PHP_DOC_TEST = /(?:\/\*\*|^[ \t]*\*)[ \t]*@test\b/gm;
