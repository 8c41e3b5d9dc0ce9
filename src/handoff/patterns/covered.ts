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
  return samples.length > 0 && samples.every((path) => ranging.some(({ matches }) => matches(path)));
}

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
/** What stands for any number of characters stands for none, for one, and for more than anybody writes question marks. */
const NAMES = [CHARACTER.repeat(20), CHARACTER, ""];

/** Enough for all that people write; a pattern with more is covered by none. */
const MOST_SAMPLES = 3_000;

function samplesOf(glob: string): readonly string[] {
  if (/[@?*+!]\(/.test(glob)) return [];
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

/** Names for a segment: of a set of characters the first. */
function namesFor(segment: string): readonly string[] {
  const inSets = segment.replace(/\[[!^][^\]]*\]/g, CHARACTER).replace(/\[([^\]])[^\]]*\]/g, "$1");
  const names = NAMES.map((name) => inSets.replace(/\*+/g, name).replace(/\?/g, CHARACTER).replace(/\\(.)/g, "$1"));
  return [...new Set(names)];
}
