import { oneLine } from "../../text/defuse.ts";
import { widthOf } from "./width.ts";

/** A part of a line, with the one look it has. */
export interface Piece {
  readonly text: string;
  readonly look: TextStyle;
}

export type TextStyle = "plain" | "bold" | "dim" | "red" | "yellow" | "green" | "cyan";
export type Line = readonly Piece[];
export type Paint = (look: Exclude<TextStyle, "plain">, text: string) => string;

export function piece(text: string, look: TextStyle = "plain"): Piece {
  return { text, look };
}

// More than the widest terminal shows of a line.
const LONGEST = 1_000;

/** Someone else's text as one line. Half a character would be drawn as a whole one. */
export function safe(text: string): string {
  return oneLine(text, LONGEST).replace(/\p{Surrogate}/gu, "\ufffd");
}

/** The line as the terminal gets it: cut to `width` columns, and only then painted. */
export function toText(line: Line, width: number, paint: Paint): string {
  let left = width;
  const whole = widthOf(line.map(({ text }) => text).join("")) <= width;
  return line
    .map(({ text, look }) => {
      const cut = whole ? text : cutTo(text, left);
      left = cut === text ? left - widthOf(text) : 0;
      return look === "plain" || cut === "" ? cut : paint(look, cut);
    })
    .join("");
}

// Made for the first text that is cut: that takes a fifth of Node's own start.
let characters: Intl.Segmenter | undefined;

/** What of a text that goes on beyond `width` is seen before the `…`; nothing without room for it. */
function cutTo(text: string, width: number): string {
  if (width <= 0) return "";
  characters ??= new Intl.Segmenter();
  let cut = "";
  let used = 0;
  for (const { segment } of characters.segment(text)) {
    used += widthOf(segment);
    if (used >= width) return `${cut}…`;
    cut += segment;
  }
  return text;
}
