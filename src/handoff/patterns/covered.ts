import { withoutBraces } from "./braces.ts";
import { type PathPattern, pathPattern } from "./patterns.ts";

/**
 * Whether the others leave nothing of a pattern. Names that stand in no pattern show it: what matches them matches any name. An
 * alternation that only picomatch can read (`+(a|b)`) is covered by a pattern with the same text, or by none.
 */
export function isCovered(one: PathPattern, others: readonly PathPattern[]): boolean {
  const ranging = others.filter(({ lines }) => lines === null || (one.lines !== null && spans(lines, one.lines)));
  if (ranging.some(({ path }) => path === one.path)) return true;
  const samples = one.literal ? [one.path] : samplesOf(one.path);
  // What a set leaves out, a character that stands in no pattern cannot show.
  const shown = ranging.filter(({ path, literal }) => literal || !LEAVES_OUT.test(path));
  return samples.length > 0 && samples.every((path) => shown.some(({ matches }) => matches(path)));
}

const LEAVES_OUT = /\[[!^]/;

/** The paths that a pattern names one by one: itself, or the alternatives in its braces. A pattern for any number of files names none. */
export function pathsNamedBy(pattern: PathPattern): readonly string[] {
  if (pattern.literal) return [pattern.path];
  const alternatives = withoutBraces(pattern.path);
  return alternatives.length > 1 && alternatives.every((path) => pathPattern(path).literal) ? alternatives : [];
}

type Lines = NonNullable<PathPattern["lines"]>;

function spans(outer: Lines, inner: Lines): boolean {
  return outer.first <= inner.first && inner.last <= outer.last;
}

/** A character for private use: no pattern names it. */
const CHARACTER = "\u{E000}";
/** What stands for any number of characters stands for none, for one, and for more than anyone writes question marks. */
const NAMES = [CHARACTER.repeat(20), CHARACTER, ""];

/** Enough for all that people write; a pattern with more is covered by none. */
const MOST_SAMPLES = 3_000;

function samplesOf(glob: string): readonly string[] {
  if (/[@?*+!]\(/.test(glob) || LEAVES_OUT.test(glob)) return [];
  const { matches } = pathPattern(glob);
  const alternatives = withoutBraces(glob.endsWith("/") ? `${glob}**` : glob);
  const paths = alternatives.flatMap((one) => one.split("/").reduce<readonly string[][]>(withSegment, [[]]));
  return paths.length > MOST_SAMPLES ? [] : paths.map((names) => names.join("/")).filter(matches);
}

function withSegment(paths: readonly string[][], segment: string): string[][] {
  const [name = ""] = NAMES;
  const choices =
    segment === "**" ? [[name], [CHARACTER], [name, CHARACTER, name], []] : namesFor(segment).map((one) => [one]);
  return paths.length > MOST_SAMPLES ? [...paths] : paths.flatMap((path) => choices.map((one) => [...path, ...one]));
}

/** Names for a segment, with each character of its sets. */
function namesFor(segment: string): readonly string[] {
  const names = NAMES.map((name) => segment.replace(/\*+/g, name).replace(/\?/g, CHARACTER));
  const spelled = names.flatMap((name) => withoutSets([name]));
  return [...new Set(spelled.map((name) => name.replace(/\\(.)/g, "$1")))];
}

function withoutSets(names: readonly string[]): readonly string[] {
  const [, before, set, after] = /^(.*?)\[([^\]]+)\](.*)$/su.exec(names[0] ?? "") ?? [];
  if (set === undefined || before === undefined || names.length > MOST_SAMPLES) return names;
  const characters = charactersOf(set);
  const rest = `[${set}]${after}`;
  return withoutSets(names.flatMap((name) => characters.map((one) => name.replace(rest, () => `${one}${after}`))));
}

/** `a-cx` → `a`, `b`, `c`, `x`. */
function charactersOf(set: string): readonly string[] {
  return [...set.matchAll(/(.)-(.)|./gsu)].flatMap(([one, from, to]) => {
    const [first, last] = [from?.codePointAt(0), to?.codePointAt(0)];
    if (first === undefined || last === undefined || last - first > MOST_SAMPLES) return [one];
    return Array.from({ length: last - first + 1 }, (_, at) => String.fromCodePoint(first + at));
  });
}
