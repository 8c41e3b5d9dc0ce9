/** One test case of a test file, or a mark that leaves tests out. */
export interface TestCase {
  readonly name: string;
  /** From 1. */
  readonly line: number;
}

export interface TestCases {
  readonly cases: readonly TestCase[];
  /** Marks that skip a test, or have only this one run; named with the test they stand at. */
  readonly skipped: readonly TestCase[];
}

/** Finds the test cases of a file by its text, whatever language it is in. */
export function testCasesIn(path: string, text: string): TestCases {
  const extension = /\.(\w+)$/.exec(path)?.[1]?.toLowerCase() ?? "";
  const { cases, skips } = FORMS.find(({ extensions }) => extensions.test(extension)) ?? NO_FORM;
  return { cases: find(text, cases), skipped: find(text, skips) };
}

interface Form {
  readonly extensions: RegExp;
  /** What the first group that matched holds is the name. */
  readonly cases: readonly RegExp[];
  readonly skips: readonly RegExp[];
}

const NO_FORM: Form = { extensions: /^/, cases: [], skips: [] };

/** A title in quotes, all of it; without them whatever comes first. */
const TITLE = "\\s*(?:\"((?:[^\"\\\\]|\\\\.)*)\"|'((?:[^'\\\\]|\\\\.)*)'|`((?:[^`\\\\]|\\\\.)*)`)";
const TABLE = "(?:\\.each\\s*(?:\\([^;]*?\\)|`[^`]*`))?";
const CALLS = "(?:it|test|describe|suite|context|specify)";

const FORMS: readonly Form[] = [
  {
    extensions: /^[cm]?[jt]sx?$|^vue$|^svelte$/,
    cases: [new RegExp(`(?<![\\w.$])[xf]?${CALLS}(?:\\.\\w+)*?${TABLE}\\s*\\(${TITLE}`, "g")],
    skips: [
      new RegExp(
        `(?<![\\w.$])((?:${CALLS}|t)(?:\\.\\w+)*?\\.(?:skip|only|todo|fixme|fails|skipIf|runIf)\\b${TABLE}\\s*\\((?:${TITLE})?)`,
        "g",
      ),
      new RegExp(`(?<![\\w.$])([xf](?:it|test|describe|context|specify)${TABLE}\\s*\\(${TITLE})`, "g"),
    ],
  },
  {
    extensions: /^py$/,
    cases: [/^[ \t]*(?:async[ \t]+)?def[ \t]+(test\w*)/gm, /^[ \t]*class[ \t]+(Test\w*)/gm],
    skips: [
      /((?:pytest\.)?mark\.(?:skip|skipif|xfail)\b(?:[^\n]*\n)(?:[ \t]*[@#)][^\n]*\n)*[ \t]*(?:(?:async[ \t]+)?def|class)?[ \t]*\w*)/g,
      /((?:unittest\.)?(?<![\w.])(?:@(?:unittest\.)?(?:skip|skipIf|skipUnless|expectedFailure)\b)[^\n]*\n(?:[ \t]*@[^\n]*\n)*[ \t]*(?:(?:async[ \t]+)?def|class)?[ \t]*\w*)/g,
      /((?:pytest\.(?:skip|xfail|importorskip)|self\.skipTest)\s*\([^\n]*)/g,
    ],
  },
  {
    extensions: /^go$/,
    cases: [/^func[ \t]+((?:Test|Benchmark|Example|Fuzz)\w*)[ \t]*\(/gm, /\bt\.Run\(\s*"((?:[^"\\]|\\.)*)"/g],
    skips: [/(\b\w+\.(?:Skip|Skipf|SkipNow)\([^\n]*)/g],
  },
  {
    extensions: /^rs$/,
    cases: [
      /#\[(?:\w+::)*test\b[^\]]*\]\s*(?:#\[[^\]]*\]\s*)*(?:pub\s+)?(?:async\s+)?fn\s+(\w+)/g,
      /#\[(?:rstest|test_case)\b[^\]]*\]\s*(?:#\[[^\]]*\]\s*)*(?:async\s+)?fn\s+(\w+)/g,
    ],
    skips: [/(#\[ignore\b[^\]]*\]\s*(?:#\[[^\]]*\]\s*)*(?:pub\s+)?(?:async\s+)?fn\s+\w+)/g],
  },
  {
    extensions: /^(?:java|kt|kts|cs|groovy|scala)$/,
    cases: [
      /@(?:Test|ParameterizedTest|RepeatedTest|TestFactory)\b(?:\([^)]*\))?\s*(?:@\w+(?:\([^)]*\))?\s*)*(?:[\w<>[\],.]+\s+)*?(\w+|`[^`]+`)\s*\(/g,
      /\[(?:Test|Fact|Theory|TestMethod|TestCase)\b[^\]]*\]\s*(?:\[[^\]]*\]\s*)*(?:[\w<>[\],.]+\s+)*?(\w+)\s*\(/g,
    ],
    skips: [
      /(@(?:Disabled|Ignore)\w*\b(?:\([^)]*\))?\s*(?:@\w+(?:\([^)]*\))?\s*)*(?:[\w<>[\],.]+\s+)*?(?:\w+|`[^`]+`)\s*[({])/g,
      /(\[Ignore\b[^\]]*\]\s*(?:\[[^\]]*\]\s*)*(?:[\w<>[\],.]+\s+)*?\w+\s*[({])/g,
      /(\[(?:Fact|Theory)\([^\]]*\bSkip\s*=[^\]]*\]\s*(?:\[[^\]]*\]\s*)*(?:[\w<>[\],.]+\s+)*?\w+\s*\()/g,
    ],
  },
  {
    extensions: /^rb$/,
    cases: [
      new RegExp(`^[ \\t]*(?:it|specify|scenario|describe|context|test)[ \\t(]${TITLE}`, "gm"),
      /^[ \t]*def[ \t]+(test_\w+)/gm,
    ],
    skips: [
      new RegExp(`^[ \\t]*((?:xit|xdescribe|xcontext|xspecify|fit|fdescribe|fcontext|pending)[ \\t(]${TITLE})`, "gm"),
      /^[ \t]*((?:skip|pending)\b[^\n]*)/gm,
    ],
  },
  {
    extensions: /^php$/,
    cases: [
      /function[ \t]+(test\w*)[ \t]*\(/g,
      new RegExp(`(?<![\\w$>:])(?:it|test|describe)\\s*\\(${TITLE}`, "g"),
      /@test\b[^{;]*?function[ \t]+(\w+)/g,
      /#\[Test\]\s*(?:#\[[^\]]*\]\s*)*(?:\w+\s+)*function[ \t]+(\w+)/g,
    ],
    skips: [/(markTest(?:Skipped|Incomplete)\s*\([^\n]*)/g, /(->(?:skip|todo|only)\s*\([^\n]*)/g],
  },
];

function find(text: string, patterns: readonly RegExp[]): TestCase[] {
  return patterns.flatMap((pattern) =>
    [...text.matchAll(pattern)].map((match) => {
      const name = match.slice(1).find((group) => group !== undefined) ?? "";
      // In a multiline pattern the match may begin with blank lines.
      const at = match.index + match[0].search(/\S/);
      return { name: name.replace(/\s+/g, " ").trim(), line: text.slice(0, at).split("\n").length };
    }),
  );
}
