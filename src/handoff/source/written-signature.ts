import { signatureEnd } from "./signature-end.ts";
import { type Family, familyOf, plainText, readSource, type Source } from "./stripped-text.ts";
import { codeEnd, outerOf } from "./text-places.ts";

/**
 * How each place of a file that holds a text goes on, up to the end of the signature that it is in: `""` where the text is all of it,
 * `|null` where the text says `User` and the file `User | null`. Layout and comments count for nothing; what is in a string is not a place,
 * unless the text is a string itself. `plain`: the text as `plainText` gives it.
 */
export function continuationsOf(path: string, file: string, plain: string): readonly string[] {
  const family = familyOf(path);
  const whole = plainText(path, file);
  const places = placesIn(whole, plain);
  if (family === null) return places.map(() => "");
  const source = readSource(family, file);
  // Words are the same in both forms, and in the same order, so that they lead from one to the other.
  const inPlain = wordRanges(whole);
  const inSource = wordRanges(source.code);
  const count = wordRanges(plain).length;
  if (count === 0 || inPlain.length !== inSource.length) return places.map(() => "");
  return places.flatMap((place) => {
    const first = inPlain.findIndex(({ end }) => end > place);
    const [from, last] = [inSource[first], inSource[first + count - 1]];
    if (from === undefined || last === undefined) return [];
    const isCode = source.mask[from.start] === source.code[from.start];
    if (!isCode && !/^["'`]/.test(plain)) return [];
    const behind = codeEnd(source.code, last.end, /[^\p{L}\p{N}_$]*$/u.exec(plain)?.[0] ?? "");
    const end = endOf(family, source, { start: from.start, behind, plain });
    const stop = behind + memberEnd(source.mask.slice(behind, end));
    return [plainText(path, source.code.slice(behind, stop)).replace(OPENED, "")];
  });
}

/** What begins a body or a value, or ends a member: no part of the signature. */
const OPENED = /(?:=>|[;,={:])+$/;

/** Where a text stands on its own: not as the end or the beginning of a longer word. */
function placesIn(whole: string, plain: string): readonly number[] {
  const places: number[] = [];
  for (let at = whole.indexOf(plain); at !== -1; at = whole.indexOf(plain, at + 1)) {
    const isCut = WORD_CUT.test(whole.slice(Math.max(0, at - 1), at + 1));
    const isShort = WORD_CUT.test(whole.slice(at + plain.length - 1, at + plain.length + 1));
    if (!isCut && !isShort) places.push(at);
  }
  return places;
}

const WORD_CUT = /^[\p{L}\p{N}_$]{2}$/u;

function wordRanges(text: string): readonly { readonly start: number; readonly end: number }[] {
  return Array.from(text.matchAll(/[\p{L}\p{N}_$]+/gu), ({ 0: word, index }) => ({
    start: index,
    end: index + word.length,
  }));
}

/** A text of the document as the source has it, from `start` to `behind`. */
interface Written {
  readonly start: number;
  readonly behind: number;
  readonly plain: string;
}

/** Where the signature ends that a text is in; `behind` where the text is more than a signature. */
function endOf(family: Family, { mask }: Source, { start, behind, plain }: Written): number {
  if (family === "python") return pythonHeadEnd(mask, behind);
  const ends = [signatureEnd(family, mask, start, "header")];
  if (family === "js") ends.push(signatureEnd(family, mask, start, "variable"));
  // A type or a value is written out.
  if (/[^=!<>]=[^=>]/.test(plain)) ends.push(signatureEnd(family, mask, start, "alias"));
  return ends.find((end) => end >= behind) ?? behind;
}

/** Where the next member, or the next argument, begins; what a class extends, or a method throws, are lists of its own. */
function memberEnd(mask: string): number {
  const outer = outerOf(mask);
  let angles = 0;
  for (const { 0: character, index } of outer.matchAll(/[<,]|(?<![-=])>/g)) {
    if (character !== ",") angles += character === "<" ? 1 : -1;
    else if (angles === 0 && !/\b(?:extends|implements|throws|where|with)\b/.test(outer.slice(0, index))) return index;
  }
  return mask.length;
}

function pythonHeadEnd(mask: string, from: number): number {
  const end = mask.slice(from).search(/[:=\n]/);
  return end === -1 ? mask.length : from + end;
}
