import type { Source } from "./stripped-text.ts";
import { shortened, stringEnd, type TestCase, type TestCases, titleOf } from "./test-case.ts";
import { bracketsOf } from "./text-places.ts";

/** The test cases of JavaScript and TypeScript: calls of `test`, `it` and the like with a title. */
export function testCalls(source: Source): TestCases {
  const { code, mask, lineAt } = source;
  const closed = bracketsOf(mask);
  const isDead = deadCode(mask, closed);
  const cases: TestCase[] = [];
  const skipped: TestCase[] = [];
  for (const head of mask.matchAll(HEAD)) {
    const call = callAt(source, closed, head);
    if (call === null) continue;
    const line = lineAt(head.index);
    if (call.type === "skips itself") {
      const key = `skip inside ${cases.at(-1)?.key ?? ""}`;
      skipped.push({ name: shortened(code.slice(head.index, call.end)), key, line });
      continue;
    }
    const { title, isSuite, marks, end } = call;
    const all = isDead(head.index) ? [...marks, "if (false)"] : marks;
    // A todo is a plan. Where there was a test, that one is gone.
    if (title !== null && !isSuite && !marks.includes("todo")) cases.push({ name: title, key: title, line });
    const mark = all.find((word) => word !== "todo");
    if (mark === undefined) continue;
    const name = `${mark === "if (false)" ? "if (false) " : ""}${shortened(code.slice(head.index, end))}`;
    skipped.push({ name, key: `${mark} ${isSuite ? "suite" : "test"} ${title ?? ""}`, line });
  }
  return { cases, skipped };
}

const HEAD = /(?<![\w.$])([xf]?)(it|test|describe|suite|context|specify|t|ctx|this)(?![\w$])/g;
const SUITES = new Set(["describe", "suite", "context"]);
const CONTEXTS = new Set(["t", "ctx", "this"]);

/** Words that leave tests out, and what each comes to. */
const MARKS = new Map([
  ["skip", "skip"],
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
/** Words that may stand beside a mark; after any other it is no mark of a test. */
const BESIDE = new Set(["concurrent", "sequential", "serial", "parallel", "shuffle", "each", "for", "describe"]);
/** What comes next is the title; after other words it may be a table or a condition. */
const BEFORE_TITLE = /^(?:skip|fixme|only|fails|failing|todo|concurrent|sequential|serial|parallel|shuffle|describe)$/;

type Call =
  /** `t.skip()`, in a test. */
  | { readonly type: "skips itself"; readonly end: number }
  | {
      readonly type: "test";
      readonly title: string | null;
      readonly isSuite: boolean;
      readonly marks: readonly string[];
      readonly end: number;
    };

type Brackets = ReadonlyMap<number, number>;

function callAt({ code, mask }: Source, closed: Brackets, head: RegExpExecArray): Call | null {
  const [whole, prefix = "", callee = ""] = head;
  const { words, end: callEnd } = chainFrom(mask, closed, head.index + whole.length);
  const open = ends(/\s*\(\s*/y, mask, callEnd);
  if (open === -1) return null;
  const titleEnd = stringEnd(mask, open);
  const hasTitle = titleEnd !== -1;
  const end = (hasTitle ? titleEnd : open - 1) + 1;
  // Many things can skip something else; a test is skipped for a reason, or for none.
  const isPlain = hasTitle || mask[open] === ")";
  if (CONTEXTS.has(callee)) return isPlain && words.join() === "skip" ? { type: "skips itself", end } : null;
  if (!hasTitle && (prefix !== "" || (callee === "context" && !isPlain))) return null;
  const isTest = words.every((word) => MARKS.has(word) || BESIDE.has(word));
  const own = isTest ? [prefix, ...words] : [prefix];
  const written = hasTitle ? [...own, ...optionsFrom(mask, closed, titleEnd + 1)] : own;
  return {
    type: "test",
    title: hasTitle ? titleOf(code.slice(open + 1, titleEnd)) : null,
    isSuite: SUITES.has(callee) || words.includes("describe"),
    marks: written.flatMap((word) => MARKS.get(word) ?? []),
    end,
  };
}

/** `.concurrent.each(table)` and the like. */
function chainFrom(mask: string, closed: Brackets, from: number): { readonly words: string[]; readonly end: number } {
  const words: string[] = [];
  for (let at = from; ; ) {
    const word = stepped(/\s*\.\s*(\w+)/y, mask, at);
    const last = words.at(-1);
    if (word !== null) {
      words.push(word[1] ?? "");
      at += word[0].length;
      continue;
    }
    if (last === undefined || BEFORE_TITLE.test(last)) return { words, end: at };
    const bracket = ends(/\s*[(`]/y, mask, at) - 1;
    const close = mask[bracket] === "`" ? stringEnd(mask, bracket) : closed.get(bracket);
    if (bracket < 0 || close === undefined || close === -1) return { words, end: at };
    // Only what is called in its turn was a table or a condition.
    if (ends(/\s*[(`.]/y, mask, close + 1) === -1) return { words, end: at };
    at = close + 1;
  }
}

/** `{ skip: true }` behind a title. */
function optionsFrom(mask: string, closed: Brackets, from: number): string[] {
  const open = ends(/\s*,\s*\{/y, mask, from);
  if (open === -1) return [];
  const options = mask.slice(open, Math.min(closed.get(open - 1) ?? open, open + 400));
  return [...options.matchAll(OPTION)].map(([, word = ""]) => word);
}

const OPTION = /(?<![\w$.])(skip|only|todo|fails)\s*(?::(?!\s*(?:false|undefined|null|0)\b)|,|$)/g;

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

function stepped(step: RegExp, mask: string, at: number): RegExpExecArray | null {
  step.lastIndex = at;
  return step.exec(mask);
}

/** Where a step from here ends; -1: it cannot be made. */
function ends(step: RegExp, mask: string, at: number): number {
  return stepped(step, mask, at) === null ? -1 : step.lastIndex;
}
