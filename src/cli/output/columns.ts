import { type Line, type Paint, type Piece, piece, toText } from "./styled-text.ts";
import { widthOf } from "./width.ts";

/** Which column stands whole where there is little room, and what those before it come down to, the first one first. */
export interface Narrow {
  readonly whole: number;
  readonly give: readonly { readonly at: number; readonly to: (text: string, width: number) => string }[];
}

/** Rows with a head, each cell below the one above it, cut to the terminal's width. Pure. */
export function columnsText(
  heads: readonly string[],
  rows: readonly (readonly Piece[])[],
  { columns, paint, narrow }: { readonly columns: number | null; readonly paint: Paint; readonly narrow?: Narrow },
): string {
  const wide: readonly Line[] = [heads.map((head) => piece(head, "dim")), ...rows];
  const all = narrow === undefined ? wide : narrowed(wide, columns ?? WIDE, narrow);
  const widths = widthsOf(all);
  const line = (row: Line): Line =>
    row.map(({ text, look }, at) => {
      const last = at === row.length - 1;
      return { look, text: last ? text : text + " ".repeat((widths[at] ?? 0) - widthOf(text) + GAP) };
    });
  return all.map((row) => `${toText(line(row), columns ?? WIDE, paint).trimEnd()}\n`).join("");
}

function widthsOf(lines: readonly Line[]): readonly number[] {
  return (lines[0] ?? []).map((_, at) => Math.max(...lines.map((row) => widthOf(row[at]?.text ?? ""))));
}

function narrowed(lines: readonly Line[], columns: number, { whole, give }: Narrow): readonly Line[] {
  const over = (all: readonly Line[], last: number) =>
    widthsOf(all)
      .slice(0, last + 1)
      .reduce((sum, width) => sum + width, last * GAP) - columns;
  const shorter = give.reduce((all, { at, to }) => {
    const much = over(all, whole);
    if (much <= 0) return all;
    const room = Math.max(0, (widthsOf(all)[at] ?? 0) - much);
    return all.map((row) => row.map((cell, index) => (index === at ? { ...cell, text: to(cell.text, room) } : cell)));
  }, lines);
  // What is cut right behind it would seem to be its end.
  const crowded = over(shorter, (lines[0]?.length ?? 0) - 1) > 0 && over(shorter, whole) > -LEAST_AFTER;
  return crowded ? shorter.map((row) => row.slice(0, whole + 1)) : shorter;
}

/** The end of a text left away, and marked as such. */
export function shortened(text: string, width: number): string {
  return toText([piece(text)], width, (_, same) => same);
}

const GAP = 2;

// The gap, and the beginning of a word.
const LEAST_AFTER = 6;

// A terminal that does not say how wide it is.
const WIDE = 80;
