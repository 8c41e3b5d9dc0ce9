import type { Hunk } from "../../workspace/git/hunks.ts";
import type { Anchor } from "./finding.ts";
import { type FoldedText, foldText, type LineRange, placesOf } from "./folded-text.ts";
import { placeNamed } from "./named-hunk.ts";
import { type Quote, readQuote, withoutNumber } from "./quote.ts";

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
  const anchor = anchored(readQuote(code), file);
  const bare = anchor.type === "unanchored" ? withoutNumber(code) : null;
  return bare === null ? anchor : anchored(readQuote(bare), file);
}

function anchored(quote: Quote, file: SearchedFile): Anchor {
  const [now, before] = [foldText(quote.now).characters, foldText(quote.before).characters];
  const length = Math.max(now.length, before.length);
  if (length === 0) return { type: "unanchored", reason: "no code was quoted" };
  const edges = length < LEAST_OF_A_PART ? "line" : "word";
  const inChange = changedPlaces(file, quote, (text, side) => placesOf(side === "new" ? now : before, text, edges));
  if (inChange !== null) return chosen(inChange, file, quote);
  const cut = (text: FoldedText, side: "new" | "old") =>
    length < LEAST_OF_A_CUT_QUOTE ? [] : placesOf(side === "new" ? now : before, text, "any");
  const cutInChange = changedPlaces(file, quote, cut);
  const inFile = placesOf(now, file.now, edges);
  // Whole elsewhere, and perhaps cut off in the change: nothing says which is meant.
  const doubted = inFile.length > 0 && cutInChange?.side === "new" ? cutInChange.places : [];
  if (inFile.length > 0) return chosen({ side: "new", places: [...doubted, ...inFile] }, file, quote);
  if (cutInChange !== null) return chosen(cutInChange, file, quote);
  const cutInFile = cut(file.now, "new");
  if (cutInFile.length > 0) return chosen({ side: "new", places: cutInFile }, file, quote);
  return { type: "unanchored", reason: `the quoted code is not in ${file.path}` };
}

// A shorter quote stands inside of too many lines: it must be the whole of one.
const LEAST_OF_A_PART = 4;

// A part of a word is looked for only in a quote that is long enough to be no accident.
const LEAST_OF_A_CUT_QUOTE = 12;

// A quote that stands in more places says nothing of any of them.
const MOST_CANDIDATES = 20;

interface Found {
  readonly side: "new" | "old";
  readonly places: readonly LineRange[];
}

/** Where it stands in what the change added, else in what it removed; the other way round for a quote of removed lines. */
function changedPlaces(
  { now, before, hunks }: SearchedFile,
  { removed }: Quote,
  find: (text: FoldedText, side: "new" | "old") => readonly LineRange[],
): Found | null {
  const sides = [
    { side: "new", text: now, runs: hunks.map(({ after }) => after) },
    { side: "old", text: before, runs: hunks.map((hunk) => hunk.before) },
  ] as const;
  for (const { side, text, runs } of removed ? sides.toReversed() : sides) {
    const places = within(
      find(text, side),
      runs.filter(({ count }) => count > 0),
    );
    if (places.length > 0) return { side, places };
  }
  return null;
}

function chosen({ side, places }: Found, { path, hunks }: SearchedFile, { hunk }: Quote): Anchor {
  const found = distinct(places);
  const only = found.length === 1 ? found[0] : hunk === null ? null : placeNamed(hunk, { side, places: found, hunks });
  if (only) return { type: "exact", path, side, ...only };
  return { type: "ambiguous", path, side, lines: found.slice(0, MOST_CANDIDATES).map(({ line }) => line) };
}

function within(places: readonly LineRange[], runs: readonly Hunk["after"][]): readonly LineRange[] {
  return places.filter(({ line, endLine }) =>
    runs.some(({ start, count }) => line < start + count && start <= endLine),
  );
}

function distinct(places: readonly LineRange[]): readonly LineRange[] {
  return [...new Map(places.map((place) => [`${place.line}-${place.endLine}`, place])).values()];
}
