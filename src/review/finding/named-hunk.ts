import type { Hunk } from "../../workspace/git/hunks.ts";
import type { LineRange } from "./folded-text.ts";

interface Naming {
  readonly side: "new" | "old";
  readonly places: readonly LineRange[];
  /** The file's own hunks, without context. */
  readonly hunks: readonly Hunk[];
}

/**
 * The one place that a hunk header in a quote means; null: it leaves a doubt. A header of the diff itself names its hunk. Any other is
 * taken for a guess that is some dozens of lines off, so only a place that has no equal one near it is meant.
 */
export function placeNamed(header: Hunk, { side, places, hunks }: Naming): LineRange | null {
  const own = [...hunks, ...withContext(hunks)].find((hunk) => isEqual(hunk, header));
  const within = (range: LineRange, lines: number) => places.filter((place) => distance(place, range) <= lines);
  const inOwn = own === undefined ? [] : within(rangeOf(own, side), 0);
  const [meant, another] = inOwn.length === 1 ? inOwn : within(rangeOf(header, side), OFF);
  return another === undefined ? (meant ?? null) : null;
}

// How many lines a model that counts by itself is off.
const OFF = 40;

// What git shows around a hunk.
const CONTEXT = 3;

/** As git prints them by default: with context, those that then touch as one. */
function withContext(hunks: readonly Hunk[]): readonly Hunk[] {
  const printed: Hunk[] = [];
  for (const hunk of hunks) {
    const last = printed.at(-1);
    const wide = widened(hunk);
    if (last === undefined || endOf(last.after) < wide.after.start) printed.push(wide);
    else
      printed[printed.length - 1] = { before: joined(last.before, wide.before), after: joined(last.after, wide.after) };
  }
  return printed;
}

function widened({ before, after }: Hunk): Hunk {
  const first = firstOf(after);
  const above = Math.min(CONTEXT, first - 1);
  const wide = (run: Hunk["after"]) => ({ start: firstOf(run) - above, count: run.count + above + CONTEXT });
  return { before: wide(before), after: wide(after) };
}

/** A run of no lines comes after the line that it names. */
function firstOf({ start, count }: Hunk["after"]): number {
  return count === 0 ? start + 1 : start;
}

/** The line behind its last one. */
function endOf({ start, count }: Hunk["after"]): number {
  return start + count;
}

function joined(one: Hunk["after"], next: Hunk["after"]): Hunk["after"] {
  return { start: one.start, count: endOf(next) - one.start };
}

function isEqual(one: Hunk, other: Hunk): boolean {
  return (["before", "after"] as const).every(
    (side) => one[side].start === other[side].start && one[side].count === other[side].count,
  );
}

function rangeOf(hunk: Hunk, side: "new" | "old"): LineRange {
  const { start, count } = side === "new" ? hunk.after : hunk.before;
  return { line: start, endLine: Math.max(start, start + count - 1) };
}

/** How many lines lie between two; 0: they touch. */
function distance(one: LineRange, other: LineRange): number {
  return Math.max(0, one.line - other.endLine, other.line - one.endLine);
}
