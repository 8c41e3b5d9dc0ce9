import type { Family, Source } from "./stripped-text.ts";
import { type Brackets, indentAt, indentedEnd, isAsked, type Nesting } from "./text-places.ts";

/** A test file, read. */
export interface Text {
  readonly family: Family;
  readonly source: Source;
  readonly closed: Brackets;
  readonly nesting: Nesting;
}

/** Where the code of a test begins whose name stands at `at`: with its line. */
export function startOf({ source: { mask } }: Text, at: number): number {
  const line = mask.lastIndexOf("\n", at - 1) + 1;
  return line + (/^[ \t]*/.exec(mask.slice(line, at + 1))?.[0].length ?? 0);
}

/** Where it ends: by its indentation, or with the bracket that holds it or its body. */
export function endOf({ family, source: { mask }, closed }: Text, start: number, nameEnd: number): number {
  if (family === "python" || family === "ruby") return indentedEnd(mask, start);
  // A title is the argument of a call.
  const call = mask.lastIndexOf("(", nameEnd - 1);
  const callEnd = call < start ? undefined : closed.get(call);
  if (callEnd !== undefined && callEnd >= nameEnd && /["'`]/.test(mask[nameEnd - 1] ?? "")) return callEnd + 1;
  BODY.lastIndex = nameEnd;
  const body = BODY.exec(mask)?.index ?? mask.length;
  const bodyEnd = mask[body] === "{" ? closed.get(body) : undefined;
  return bodyEnd === undefined ? Math.max(nameEnd, mask.indexOf("\n", nameEnd)) : bodyEnd + 1;
}

const BODY = /[{;]/g;

/** Whether a mark that leaves tests out leaves it to something that is asked when they run. */
export function isConditional({ family, source, nesting }: Text, word: string, at: number, end: number): boolean {
  const { mask } = source;
  const line = mask.slice(at, Math.max(end, at + 200)).split("\n", 1)[0] ?? "";
  switch (family) {
    case "python":
      if (/^(?:skipif|skipIf|skipUnless)$/.test(word))
        return !/\b(?:skipif|skipIf|skipUnless)\s*\(\s*(?:True|False|1|0)\b/.test(line);
      if (word === "xfail") return /\bxfail\s*\(\s*(?!True\b|reason\b|strict\b|["'])\w/.test(line);
      return word === "importorskip" || isBelowIf(mask, at);
    case "ruby":
      return /\b(?:if|unless)\b/.test(line) || isBelowIf(mask, at);
    case "rust":
      return /\bcfg_attr\s*\(\s*(?!any\s*\(\s*\)|all\s*\(\s*\))/.test(line);
    case "java":
      return /@(?:\w+\.)*(?:Disabled|Enabled)(?:On|If|For)/.test(line);
    case "php":
      return /->(?:skip)\s*\(\s*(?:fn\b|function\b)/.test(line) || isAsked(mask, nesting, 0, at);
    default:
      return isAsked(mask, nesting, 0, at);
  }
}

/** Whether the line that a place is indented below asks for something. */
function isBelowIf(mask: string, at: number): boolean {
  let start = mask.lastIndexOf("\n", at - 1) + 1;
  if (/\bif\b.{0,200}:/.test(mask.slice(start, at))) return true;
  let indent = indentAt(mask, start + blanksAt(mask, start));
  for (let lines = 0; start > 0 && lines < MOST_LINES; lines++) {
    const end = start - 1;
    start = mask.lastIndexOf("\n", end - 1) + 1;
    const own = blanksAt(mask, start);
    if (start + own >= end || own >= indent) continue;
    const line = mask.slice(start, Math.min(end, start + 300));
    if (ASKING_LINE.test(line)) return true;
    if (/^\s*(?:async\s+)?(?:def|class|it|describe)\b/.test(line)) return false;
    indent = own;
  }
  return false;
}

const ASKING_LINE = /^\s*(?:if|elif|unless)\b(?!\s*\(?\s*(?:True|true|1)\b)|^\s*(?:else|except|rescue)\b/;
/** A test is not longer. */
const MOST_LINES = 200;

function blanksAt(mask: string, start: number): number {
  BLANKS.lastIndex = start;
  return BLANKS.exec(mask)?.[0].length ?? 0;
}

const BLANKS = /[ \t]*/y;
