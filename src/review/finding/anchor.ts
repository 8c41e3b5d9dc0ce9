import type { Hunk } from "../../workspace/git/hunks.ts";
import type { Anchor } from "./finding.ts";
import { type FoldedText, foldText, type LineRange, placesOf } from "./folded-text.ts";
import { type Quote, readQuote } from "./quote.ts";

/** Both versions of a file, and what differs between them. */
export interface FileVersions {
  /** Where it lies now; where it lay when it is gone. */
  readonly path: string;
  /** Null: it does not exist on this side, or is not text. */
  readonly now: string | null;
  readonly before: string | null;
  /** Null: its lines cannot be compared. */
  readonly hunks: readonly Hunk[] | null;
}

/** A file that quotes are looked for in, folded once for all of them. */
export interface SearchedFile {
  readonly path: string;
  readonly now: FoldedText;
  readonly before: FoldedText;
  readonly hunks: readonly Hunk[];
}

export function searchedFile({ path, now, before, hunks }: FileVersions): SearchedFile {
  return { path, now: foldText(now ?? ""), before: foldText(before ?? ""), hunks: hunks ?? [] };
}

/**
 * Finds the place of quoted code. The order: what the change added, what it removed, then all of the file. White space is folded
 * away, nothing else is forgiven: a place that is given is where the code stands, and what cannot be found has none.
 */
export function anchorQuote(code: string, file: SearchedFile): Anchor {
  const quote = readQuote(code);
  const [now, before] = [foldText(quote.now).characters, foldText(quote.before).characters];
  if (now === "" && before === "") return { type: "unanchored", reason: "no code was quoted" };
  const added = file.hunks.filter(({ after }) => after.count > 0).map(({ after }) => after);
  const removed = file.hunks.filter((hunk) => hunk.before.count > 0).map((hunk) => hunk.before);
  for (const whole of [true, false]) {
    // A part of a word is looked for only in a quote that is long enough to be no accident.
    if (!whole && Math.max(now.length, before.length) < LEAST_OF_A_CUT_QUOTE) break;
    const inNew = () => within(placesOf(now, file.now, { whole }), added);
    const inOld = () => within(placesOf(before, file.before, { whole }), removed);
    const sides: readonly Side[] = [
      { side: "new", places: inNew },
      { side: "old", places: inOld },
    ];
    const inFile: Side = { side: "new", places: () => placesOf(now, file.now, { whole }) };
    for (const { side, places } of [...(quote.removed ? sides.toReversed() : sides), inFile]) {
      const found = distinct(places());
      if (found.length > 0) return chosen(found, side, file.path, quote);
    }
  }
  return { type: "unanchored", reason: `the quoted code is not in ${file.path}` };
}

const LEAST_OF_A_CUT_QUOTE = 12;

// A quote that stands in more places says nothing of any of them.
const MOST_CANDIDATES = 20;

interface Side {
  readonly side: "new" | "old";
  readonly places: () => readonly LineRange[];
}

function chosen(found: readonly LineRange[], side: "new" | "old", path: string, { hunk }: Quote): Anchor {
  const [first] = found;
  if (first !== undefined && found.length === 1) return { type: "exact", path, side, ...first };
  const named = hunk === null ? null : hunk[side === "new" ? "after" : "before"];
  const nearest = named === null ? [] : nearestTo(named, found);
  const [only] = nearest;
  if (only !== undefined && nearest.length === 1) return { type: "exact", path, side, ...only };
  return { type: "ambiguous", path, side, lines: found.slice(0, MOST_CANDIDATES).map(({ line }) => line) };
}

function nearestTo(line: number, places: readonly LineRange[]): readonly LineRange[] {
  const distance = (place: LineRange) => Math.abs(place.line - line);
  const least = Math.min(...places.map(distance));
  return places.filter((place) => distance(place) === least);
}

function within(places: readonly LineRange[], runs: readonly Hunk["after"][]): readonly LineRange[] {
  return places.filter(({ line, endLine }) =>
    runs.some(({ start, count }) => line < start + count && start <= endLine),
  );
}

function distinct(places: readonly LineRange[]): readonly LineRange[] {
  return [...new Map(places.map((place) => [`${place.line}-${place.endLine}`, place])).values()];
}
