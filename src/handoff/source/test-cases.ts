import { type Family, familyOf, readSource, type Source } from "./stripped-text.ts";
import { testCalls } from "./test-calls.ts";
import { type SkipMark, shortened, stringEnd, type TestCases, titleOf, withTexts } from "./test-case.ts";
import { endOf, isConditional, startOf, type Text } from "./test-extent.ts";
import { PHP_DOC_TEST, TEST_FORMS, type TestForm } from "./test-forms.ts";
import { bracketsOf, countUpTo, nestingOf, outerOf } from "./text-places.ts";

/** Finds the test cases of a file by its text, whatever language it is in. What is in comments and strings is not a test. */
export function testCasesIn(path: string, text: string): TestCases {
  const family = familyOf(path);
  if (family === null || text === "") return { cases: [], skipped: [] };
  const source = readSource(family, text);
  if (family === "js") return testCalls(source);
  const documented = family === "php" ? places(text.replace(/\r\n/g, "\n"), [PHP_DOC_TEST]) : [];
  return casesOf(TEST_FORMS[family], textOf(family, source), documented);
}

function textOf(family: Family, source: Source): Text {
  const closed = bracketsOf(source.mask);
  return { family, source, closed, nesting: nestingOf(source.mask, closed) };
}

/** A name in the code. */
interface Named {
  /** Empty: what ends the search for one. */
  readonly name: string;
  readonly at: number;
  /** Where it ends. */
  readonly end: number;
}

function casesOf(form: TestForm, text: Text, documented: readonly CodeMatch[]): TestCases {
  const { source } = text;
  const { code, mask, lineAt } = source;
  const declared = form.declared === null ? [] : declaredNames(form.declared, mask);
  const following = lookup(declared);
  const made = [...places(mask, form.makers), ...documented].flatMap(({ end }) => {
    const next = following.behind(end);
    return next === null || next.name === "" ? [] : [next];
  });
  const named = [...places(mask, form.named).map(nameOf), ...titles(source, form.titled), ...made];
  // A test can be marked as one twice.
  const found = [...new Map(named.sort(byPlace).map((test) => [test.at, test])).values()];
  const preceding = lookup(found);
  const planned = new Set(
    form.plans === null ? [] : places(mask, [form.plans]).map(({ index }) => preceding.before(index)),
  );
  const placed = found
    .filter((test) => !planned.has(test))
    .map(({ name, at, end }) => {
      const start = startOf(text, at);
      return {
        name,
        key: name,
        start,
        end: endOf(text, start, end),
        title: { start: Math.min(at, end - name.length), end },
      };
    });
  const cases = withTexts(placed, source);
  const begins = placed.map(({ title }) => title.start);

  const mark = ({ index, word }: CodeMatch, at: string, end: number, covers: readonly string[]): SkipMark => {
    const key = `${word} ${at}`;
    const conditional = isConditional(text, word, index, end);
    return { name: shortened(code.slice(index, end)), key, line: lineAt(index), conditional, covers };
  };
  const lineEnd = (at: number) => (code.indexOf("\n", at) + 1 || code.length + 1) - 1;
  /** The cases of what begins with a name: a test, or a class or suite of them. */
  const within = (named: Named | null) => {
    if (named === null) return [];
    const start = startOf(text, named.at);
    const end = endOf(text, start, named.end);
    return placed.slice(countUpTo(begins, start - 1), countUpTo(begins, end - 1)).map(({ key }) => key);
  };
  const skipped = [
    ...places(mask, form.above).map((place) => {
      const next = following.behind(place.end);
      const end = next === null || next.name === "" || next.end > place.end + 300 ? lineEnd(place.end) : next.end;
      return mark(place, next?.name ?? "", end, within(next));
    }),
    ...places(mask, form.inside).map((place) => {
      const test = preceding.before(place.index);
      return mark(place, test?.name ?? "", lineEnd(place.end), within(test));
    }),
    ...places(mask, form.ahead).flatMap((place) => {
      const end = stringEnd(mask, place.end);
      const title = { name: titleOf(code.slice(place.end + 1, end)), at: place.end, end: end + 1 };
      return end === -1 ? [] : [mark(place, title.name, end + 1, within(title))];
    }),
    ...places(mask, form.loose).map((place) => {
      const isOfFile = /^pytestmark\b/m.test(mask.slice(mask.lastIndexOf("\n", place.index) + 1, place.index));
      const covers = isOfFile ? placed.map(({ key }) => key) : within(following.behind(place.end));
      return mark(place, "", lineEnd(place.end), covers);
    }),
  ];
  return { cases, skipped: skipped.sort((one, other) => one.line - other.line) };
}

interface CodeMatch {
  /** Behind the blanks that its line begins with. */
  readonly index: number;
  readonly end: number;
  /** The first group that matched. */
  readonly word: string;
}

function places(mask: string, patterns: readonly RegExp[]): CodeMatch[] {
  return patterns.flatMap((pattern) =>
    [...mask.matchAll(pattern)].map((match) => ({
      index: match.index + Math.max(0, match[0].search(/\S/)),
      end: match.index + match[0].length,
      word: match.slice(1).find((group) => group !== undefined) ?? "",
    })),
  );
}

function declaredNames(pattern: RegExp, mask: string): Named[] {
  return places(outerOf(mask), [pattern]).map(nameOf);
}

function nameOf({ end, word }: CodeMatch): Named {
  return { name: word, at: end, end };
}

function titles({ code, mask }: Source, patterns: readonly RegExp[]): Named[] {
  return places(mask, patterns).flatMap(({ end: at }) => {
    const end = stringEnd(mask, at);
    return end === -1 ? [] : [{ name: titleOf(code.slice(at + 1, end)), at, end: end + 1 }];
  });
}

function lookup(sorted: readonly Named[]) {
  const starts = sorted.map(({ at }) => at);
  return {
    behind: (place: number) => sorted[countUpTo(starts, place)] ?? null,
    before: (place: number) => sorted[countUpTo(starts, place) - 1] ?? null,
  };
}

function byPlace(one: Named, other: Named): number {
  return one.at - other.at;
}
