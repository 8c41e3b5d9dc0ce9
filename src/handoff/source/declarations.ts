import { formsOf, holdersOf } from "./declaration-forms.ts";
import { type Declaration, exportOf } from "./js-exports.ts";
import { withMemberEnds } from "./member-ends.ts";
import { closing, type Reach, signatureEnd } from "./signature-end.ts";
import { declarationKey, type Family, familyOf, oneLineOf, readSource, type Source } from "./stripped-text.ts";
import { countUpTo, indentAt, indentedEnd } from "./text-places.ts";

/**
 * Where and how a file declares a symbol: `load`, or `User.load` for a member. Several for overloads; of equal names the outermost
 * count. By text: what a language hides from text (macros, generated code) is not found.
 */
export function declarationsOf(path: string, text: string, symbol: string): readonly Declaration[] {
  const family = familyOf(path);
  if (family === null) return [];
  const source = readSource(family, text);
  const names = symbol.split(/\.|::|#/);
  const name = names.pop() ?? "";
  if (names.length === 0) return outermost(family, source, { name, ranges: [WHOLE_FILE], member: false });
  if (family === "go") {
    const receiver = `^func\\s*\\([^)]*(?<!\\w)${names.at(-1)}(?:\\[[^\\]]*\\])?\\s*\\)\\s*${name}(?!\\w)`;
    const methods = matchesOf(source, new RegExp(receiver, "gm"), WHOLE_FILE);
    if (methods.length > 0)
      return methods.map((match) => declarationAt(family, source, match.start, endOf(family, source, match, "header")));
  }
  const bodies = names.reduce(
    (ranges, holder) => ranges.flatMap((range) => bodiesOf(family, source, holder, range)),
    [WHOLE_FILE],
  );
  return outermost(family, source, { name, ranges: bodies, member: true });
}

interface Range {
  readonly start: number;
  readonly end: number;
}

const WHOLE_FILE: Range = { start: 0, end: Number.POSITIVE_INFINITY };

function outermost(
  family: Family,
  source: Source,
  { name, ranges, member }: { readonly name: string; readonly ranges: readonly Range[]; readonly member: boolean },
): readonly Declaration[] {
  const depthAt = depthsOf(family, source);
  const found = ranges.flatMap((range) =>
    formsOf(family, name, member).flatMap(({ pattern, reach }) =>
      matchesOf(source, pattern, range).map((match) => ({
        depth: depthAt(match.start) - depthAt(range.start),
        match,
        reach,
      })),
    ),
  );
  const least = found.reduce((lowest, { depth }) => Math.min(lowest, depth), Number.POSITIVE_INFINITY);
  const chosen = found.filter(({ depth }) => depth === least);
  const own: Declaration[] = [];
  let until = 0;
  // Where two forms match, the one that says more stands first. What is inside a declaration is not a declaration of its own.
  for (const { match, reach } of chosen.sort((one, other) => one.match.start - other.match.start)) {
    if (match.start < until) continue;
    until = Math.max(match.end, endOf(family, source, match, reach));
    own.push(declarationAt(family, source, match.start, until));
  }
  return family === "js" && !member ? exportOf(source, name, own) : own;
}

function matchesOf({ mask }: Source, pattern: RegExp, { start, end }: Range): Range[] {
  return [...mask.matchAll(pattern)].flatMap((match) => {
    // The pattern may begin with the blanks of its line.
    const at = match.index + match[0].search(/\S/);
    return at < start || at >= end ? [] : [{ start: at, end: match.index + match[0].length }];
  });
}

function endOf(family: Family, { mask }: Source, { start, end }: Range, reach: Reach): number {
  return family === "python" ? pythonEnd(mask, start, end) : signatureEnd(family, mask, end, reach);
}

function declarationAt(family: Family, { code, mask, lineAt }: Source, start: number, stop: number): Declaration {
  const text = code.slice(start, stop);
  const members = family === "js" ? withMemberEnds(text, mask.slice(start, stop)) : text;
  return { text: oneLineOf(text), key: declarationKey(members, family), line: lineAt(start) };
}

/** To the colon behind the head, or to the value; classes that are nothing but their fields with all of these. */
function pythonEnd(mask: string, start: number, end: number): number {
  const isClass = mask.startsWith("class", start);
  const isCallable = isClass || /^(?:async[ \t]+)?def\b/.test(mask.slice(start, end));
  for (let at = end; at < mask.length; at += 1) {
    const character = mask[at] ?? "";
    if ("([{".includes(character)) at = closing(mask, at) - 1;
    else if (character === (isCallable ? ":" : "=") || character === "\n") {
      return isClass && isRecord(mask, start, at) ? indentedEnd(mask, start) : at;
    }
  }
  return mask.length;
}

function isRecord(mask: string, start: number, end: number): boolean {
  // The lines right above it.
  const decorators = /(?:[ \t]*@[^\n]*\n)+[ \t]*$/.exec(mask.slice(Math.max(0, start - 1000), start))?.[0] ?? "";
  return (
    /\b(?:\w*Enum|Flag|TypedDict|NamedTuple|Protocol)\b/.test(mask.slice(start, end)) ||
    /@[\w.]*dataclass/.test(decorators)
  );
}

function bodiesOf(family: Family, source: Source, name: string, range: Range): Range[] {
  const heads = holdersOf(family, name).flatMap((pattern) => matchesOf(source, pattern, range));
  return heads.flatMap(({ start, end }) => {
    if (family === "python" || family === "ruby") return [{ start: end, end: indentedEnd(source.mask, start) }];
    const head = signatureEnd(family, source.mask, end, "header");
    const open = source.mask[head] === "{" ? head : source.mask.indexOf("{", end);
    return open === -1 ? [] : [{ start: open + 1, end: closing(source.mask, open) }];
  });
}

function depthsOf(family: Family, { mask }: Source): (at: number) => number {
  if (family === "python" || family === "ruby") return (at) => indentAt(mask, at);
  const [opened, closed] = [/\{/g, /\}/g].map((brace) => Array.from(mask.matchAll(brace), ({ index }) => index + 1));
  return (at) => countUpTo(opened ?? [], at) - countUpTo(closed ?? [], at);
}
