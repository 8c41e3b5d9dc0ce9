import type { Source } from "./stripped-text.ts";
import { shortened, stringEnd, titleOf } from "./test-case.ts";
import type { Brackets } from "./text-places.ts";

/** What a test is called. */
export interface Title {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** `.concurrent.each(table)` and the like. */
export function chainFrom(
  mask: string,
  closed: Brackets,
  from: number,
): { readonly words: string[]; readonly end: number } {
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
    const bracket = ends(/\s*[(`]/y, mask, typeArgumentsEnd(mask, at)) - 1;
    const close = mask[bracket] === "`" ? stringEnd(mask, bracket) : closed.get(bracket);
    if (bracket < 0 || close === undefined || close === -1) return { words, end: at };
    // Only what is called in its turn was a table or a condition.
    if (ends(/\s*[(`.]/y, mask, close + 1) === -1) return { words, end: at };
    at = close + 1;
  }
}

/** Behind `<Row>` in `each<Row>(table)`. */
export function typeArgumentsEnd(mask: string, from: number): number {
  if (ends(/\s*</y, mask, from) === -1) return from;
  let depth = 0;
  for (let at = from; at < Math.min(mask.length, from + 2_000); at++) {
    if (mask[at] === "<") depth += 1;
    else if (mask[at] === ">" && mask[at - 1] !== "=") depth -= 1;
    if (depth === 0 && mask[at] === ">") return at + 1;
  }
  return from;
}

export interface Option {
  readonly word: string;
  /** It is given neither as true nor as a reason. */
  readonly conditional: boolean;
}

/** `{ skip: true }` behind a title. */
export function optionsFrom(mask: string, closed: Brackets, from: number): Option[] {
  const open = mask[from] === "{" ? from + 1 : ends(/\s*,\s*\{/y, mask, from);
  if (open === -1) return [];
  const options = mask.slice(open, Math.min(closed.get(open - 1) ?? open, open + 400));
  return [...options.matchAll(OPTION)].map(({ 1: word = "", 2: value = "" }) => {
    return { word, conditional: word !== "only" && !/^(?:true|1|["'`])/.test(value) };
  });
}

const OPTION =
  /(?<![\w$.])(skip|only|todo|fails|ignore)\s*(?::\s*(?!\s*(?:false|undefined|null|0)\b)([^,\s]{0,200})|(?=[,\s]|$))/g;

/** A title in quotes: the first argument, or the name in an object. */
export function writtenTitle({ code, mask }: Source, open: number): Title | null {
  const named = mask[open] === "{" ? stepped(/\{[^{}()]{0,200}?(?<![\w$])name\s*:\s*/y, mask, open) : null;
  const start = named === null ? open : open + named[0].length;
  const last = stringEnd(mask, start);
  return last === -1 ? null : { text: titleOf(code.slice(start + 1, last)), start, end: last + 1 };
}

/** A title that is made when the tests run: any first argument, with a function behind it. */
export function madeTitle({ code, mask }: Source, closed: Brackets, open: number, close: number): Title | null {
  let end = open;
  while (end < close && mask[end] !== ",") end = (closed.get(end) ?? end) + 1;
  if (end >= close || !/^,\s*(?:\{[\s\S]*\}\s*,\s*)?(?:async\b|function\b|\(|[\w$]+\s*=>)/.test(mask.slice(end, close)))
    return null;
  return { text: shortened(code.slice(open, end)), start: open, end };
}

/** What comes next is the title; after other words it may be a table or a condition. */
const BEFORE_TITLE =
  /^(?:test|skip|ignore|fixme|only|fails|failing|todo|concurrent|sequential|serial|parallel|shuffle|describe)$/;

function stepped(step: RegExp, mask: string, at: number): RegExpExecArray | null {
  step.lastIndex = at;
  return step.exec(mask);
}

/** Where a step from here ends; -1: it cannot be made. */
export function ends(step: RegExp, mask: string, at: number): number {
  return stepped(step, mask, at) === null ? -1 : step.lastIndex;
}
