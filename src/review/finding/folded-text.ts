/** A text without its white space, which remembers where each character stood. */
export interface FoldedText {
  readonly characters: string;
  /** The line of each character, from 1. */
  readonly lines: Uint32Array;
  /** 1 where white space (or the beginning) came before the character. */
  readonly apart: Uint8Array;
}

/** A run of lines that holds a piece of text. */
export interface LineRange {
  readonly line: number;
  readonly endLine: number;
}

/**
 * Folds every kind of white space away: line ends of either system, indentation, and where a line was wrapped. What is left is
 * compared character by character, so a match never rests on similarity.
 */
export function foldText(text: string): FoldedText {
  const lines = new Uint32Array(text.length);
  const apart = new Uint8Array(text.length);
  const kept: string[] = [];
  let count = 0;
  let line = 1;
  let blank = 1;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === "\n") line += 1;
    if (BLANK.test(character)) {
      blank = 1;
      continue;
    }
    kept.push(character);
    lines[count] = line;
    apart[count] = blank;
    blank = 0;
    count += 1;
  }
  return { characters: kept.join(""), lines: lines.subarray(0, count), apart: apart.subarray(0, count) };
}

/** Where a place may begin and end: at the ends of lines, not in the middle of a word (`x = 1` in `max = 10`), or anywhere. */
type Edges = "line" | "word" | "any";

/** Every place of a folded quote in a folded text. */
export function placesOf(quote: string, text: FoldedText, edges: Edges): readonly LineRange[] {
  if (quote === "") return [];
  const places: LineRange[] = [];
  for (let at = text.characters.indexOf(quote); at !== -1; at = text.characters.indexOf(quote, at + 1)) {
    const end = at + quote.length;
    if (!(isEdge(text, at, edges) && isEdge(text, end, edges))) continue;
    places.push({ line: text.lines[at] ?? 0, endLine: text.lines[end - 1] ?? 0 });
  }
  return places;
}

const BLANK = /\s|\uFEFF/;

const WORD = /[\p{L}\p{N}_$]/u;

function isEdge({ characters, apart, lines }: FoldedText, at: number, edges: Edges): boolean {
  if (edges === "any" || at === 0 || at >= characters.length) return true;
  if (edges === "line") return lines[at] !== lines[at - 1];
  return apart[at] === 1 || !(WORD.test(characters.charAt(at - 1)) && WORD.test(characters.charAt(at)));
}
