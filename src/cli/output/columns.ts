import { type Line, type Paint, type Piece, piece, toText } from "./styled-text.ts";
import { widthOf } from "./width.ts";

/** Rows with a head, each cell below the one above it, cut to the terminal's width. Pure. */
export function columnsText(
  heads: readonly string[],
  rows: readonly (readonly Piece[])[],
  { columns, paint }: { readonly columns: number | null; readonly paint: Paint },
): string {
  const all: readonly Line[] = [heads.map((head) => piece(head, "dim")), ...rows];
  const widths = heads.map((_, at) => Math.max(...all.map((row) => widthOf(row[at]?.text ?? ""))));
  const line = (row: Line): Line =>
    row.map(({ text, look }, at) => {
      const last = at === row.length - 1;
      return { look, text: last ? text : text + " ".repeat((widths[at] ?? 0) - widthOf(text) + GAP) };
    });
  return all.map((row) => `${toText(line(row), columns ?? WIDE, paint).trimEnd()}\n`).join("");
}

const GAP = 2;

// A terminal that does not say how wide it is.
const WIDE = 80;
