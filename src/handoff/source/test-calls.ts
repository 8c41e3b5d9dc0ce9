import { chainFrom, ends, madeTitle, optionsFrom, type Title, typeArgumentsEnd, writtenTitle } from "./call-parts.ts";
import type { Source } from "./stripped-text.ts";
import { type PlacedCase, type SkipMark, shortened, type TestCases, withTexts } from "./test-case.ts";
import { type Brackets, bracketsOf, isAsked, type Nesting, nestingOf } from "./text-places.ts";

/** The test cases of JavaScript and TypeScript: calls of `test`, `it` and the like with a title. */
export function testCalls(source: Source): TestCases {
  const { code, mask, lineAt } = source;
  const closed = bracketsOf(mask);
  const nesting = nestingOf(mask, closed);
  const isDead = deadCode(mask, closed);
  const placed: PlacedCase[] = [];
  const marks: Mark[] = [];
  for (const head of mask.matchAll(HEAD)) {
    const call = callAt(source, { closed, nesting }, head);
    if (call === null) continue;
    const { index } = head;
    if (call.type === "skips itself") {
      const key = `skip inside ${placed.at(-1)?.key ?? ""}`;
      const conditional = isAsked(mask, nesting, placed.at(-1)?.start ?? 0, index);
      const start = placed.at(-1)?.start ?? index;
      marks.push({ name: shortened(code.slice(index, call.end)), key, at: index, conditional, start, end: start + 1 });
      continue;
    }
    const { title, isSuite, end, close } = call;
    const all = isDead(index) ? [...call.marks, "if (false)"] : call.marks;
    // A todo is a plan. Where there was a test, that one is gone.
    if (title !== null && !isSuite && !call.marks.includes("todo"))
      placed.push({ name: title.text, key: title.text, start: index, end: close, title });
    const mark = all.find((word) => word !== "todo");
    if (mark === undefined) continue;
    const name = `${mark === "if (false)" ? "if (false) " : ""}${shortened(code.slice(index, end))}`;
    const key = `${mark} ${isSuite ? "suite" : "test"} ${title?.text ?? ""}`;
    const conditional = mark !== "only" && mark !== "if (false)" && call.conditional;
    // Without a title it is about all that follows.
    marks.push({ name, key, at: index, conditional, start: index, end: title === null ? code.length : close });
  }
  const cases = withTexts(placed, source);
  const skipped = marks.map(({ name, key, at, conditional, start, end }) => {
    const covered = placed.filter((test) => test.start >= start && test.start < end);
    return { name, key, line: lineAt(at), conditional, covers: covered.map((test) => test.key) };
  });
  return { cases, skipped };
}

interface Mark extends Pick<SkipMark, "name" | "key" | "conditional"> {
  readonly at: number;
  /** The cases that it is about begin from here. */
  readonly start: number;
  readonly end: number;
}

// What has another name before the dot is a subtest (t.test), if it is given a title and something to do.
const HEAD =
  /(?<![\w.$])(?:(?<of>[\w$]{1,60})\s*\.\s*(?=(?:test|it)\s*[.(<]))?(?<prefix>[xf]?)(?<callee>it|test|describe|suite|context|specify|Deno|QUnit|t|ctx|this)(?![\w$])/g;
const SUITES = new Set(["describe", "suite", "context"]);
const CONTEXTS = new Set(["t", "ctx", "this"]);
/** What has tests among other things. */
const OWNERS = new Set(["Deno", "QUnit"]);

/** Words that leave tests out, and what each comes to. */
const MARKS = new Map([
  ["skip", "skip"],
  ["ignore", "skip"],
  ["fixme", "skip"],
  ["x", "skip"],
  ["only", "only"],
  ["f", "only"],
  ["fails", "fails"],
  ["failing", "fails"],
  ["skipIf", "skipIf"],
  ["runIf", "runIf"],
  ["todo", "todo"],
]);
/** Words that may stand beside a mark; after any other it is not a mark of a test. */
const BESIDE = new Set([
  "concurrent",
  "sequential",
  "serial",
  "parallel",
  "shuffle",
  "each",
  "for",
  "describe",
  "test",
]);
type Call =
  /** `t.skip()`, in a test. */
  | { readonly type: "skips itself"; readonly end: number }
  | {
      readonly type: "test";
      /** Null: the call has none. */
      readonly title: Title | null;
      readonly isSuite: boolean;
      readonly marks: readonly string[];
      /** The marks leave it to something that is asked when the tests run. */
      readonly conditional: boolean;
      /** Where its title ends. */
      readonly end: number;
      /** Where the call ends. */
      readonly close: number;
    };

function callAt(
  source: Source,
  { closed, nesting }: { readonly closed: Brackets; readonly nesting: Nesting },
  head: RegExpExecArray,
): Call | null {
  const { mask } = source;
  const { of: owner, prefix = "", callee = "" } = head.groups ?? {};
  const { words, end: callEnd } = chainFrom(mask, closed, head.index + head[0].length);
  const bracket = ends(/\s*\(/y, mask, typeArgumentsEnd(mask, callEnd)) - 1;
  if (bracket < 0 || (OWNERS.has(callee) && !/^(?:test|skip|only|todo)$/.test(words[0] ?? ""))) return null;
  const open = ends(/\(\s*/y, mask, bracket);
  const close = (closed.get(bracket) ?? bracket) + 1;
  const written = writtenTitle(source, open);
  const isTest = words.every((word) => MARKS.has(word) || BESIDE.has(word));
  const isSuite = SUITES.has(callee) || words.includes("describe");
  const title = written ?? (isTest && !isSuite && prefix === "" ? madeTitle(source, closed, open, close) : null);
  const end = written?.end ?? open;
  // A regular expression has a method of that name.
  if (owner !== undefined && (title === null || ends(/\s*,\s*[A-Za-z_$({]/y, mask, title.end) === -1)) return null;
  // Many things can skip something else; a test is skipped for a reason, or for none.
  const isPlain = written !== null || mask[open] === ")";
  if (CONTEXTS.has(callee)) return isPlain && words.join() === "skip" ? { type: "skips itself", end } : null;
  if (written === null && (prefix !== "" || (callee === "context" && !isPlain))) return null;
  const options = title === null ? [] : optionsFrom(mask, closed, mask[open] === "{" ? open : title.end);
  const own = [...(isTest ? [prefix, ...words] : [prefix]).map((word) => ({ word, conditional: false })), ...options];
  const chain = mask.slice(head.index, callEnd);
  const asked = /\.\s*(?:skipIf|runIf)\s*\((?!\s*(?:true|false|[01]|![01])\s*\))/.test(chain);
  const argument = title === null && mask[open] !== ")" && !/^(?:true|1)\b/.test(mask.slice(open, open + 5));
  const marks = own.flatMap(({ word, conditional }) =>
    MARKS.has(word) ? [{ word: MARKS.get(word) ?? "", conditional }] : [],
  );
  return {
    ...{ type: "test", title, isSuite, end, close },
    marks: marks.map(({ word }) => word),
    conditional:
      marks.length > 0 &&
      (asked || argument || marks.every(({ conditional }) => conditional) || isAsked(mask, nesting, 0, head.index)),
  };
}

/** What an `if (false)` keeps from being run. To be asked in the order of the text. */
function deadCode(mask: string, closed: Brackets): (at: number) => boolean {
  const places = mask.matchAll(DEAD);
  let next = places.next();
  let until = -1;
  return (at) => {
    for (; !next.done && next.value.index <= at; next = places.next()) {
      const end = next.value.index + next.value[0].length;
      until = Math.max(until, mask[end - 1] === "{" ? (closed.get(end - 1) ?? end) : end);
    }
    return at <= until;
  };
}

const DEAD = /(?<![\w.$])(?:if\s*\(\s*(?:false|0|!1|!true)\s*\)\s*(?:\{|(?=\w))|false\s*&&\s*(?=\w))/g;
