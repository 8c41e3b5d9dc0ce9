/** Finds the line, from 1, of a position. The text is looked at once, however many are asked for. */
export function linesOf(text: string): (at: number) => number {
  const starts = [0];
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return (at) => countUpTo(starts, at);
}

/** How many of these numbers, which are sorted, are not above the limit. */
export function countUpTo(sorted: readonly number[], limit: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Where each bracket is closed, by where it is opened. */
export type Brackets = ReadonlyMap<number, number>;

/** Where the braces begin that a place is in, the innermost first. */
export type Nesting = (at: number) => readonly number[];

export function nestingOf(mask: string, closed: Brackets): Nesting {
  const opened = [...closed.keys()].filter((open) => mask[open] === "{").sort((one, other) => one - other);
  const parents: number[] = [];
  const open: number[] = [];
  for (const [at, start] of opened.entries()) {
    while (open.length > 0 && (closed.get(opened[open.at(-1) ?? 0] ?? 0) ?? 0) < start) open.pop();
    parents.push(open.at(-1) ?? -1);
    open.push(at);
  }
  return (place) => {
    const around: number[] = [];
    for (let at = countUpTo(opened, place - 1) - 1; at >= 0; at = parents[at] ?? -1) {
      const start = opened[at] ?? 0;
      if ((closed.get(start) ?? 0) > place) around.push(start);
    }
    return around;
  };
}

/** Whether a place is inside of an `if`, an `else` or a `catch` that begins behind `from`, in a language with braces. */
export function isAsked(mask: string, nesting: Nesting, from: number, at: number): boolean {
  const before = (place: number) => mask.slice(Math.max(from, place - 300), place);
  return ASKED.test(before(at)) || nesting(at).some((open) => open >= from && ASKING.test(before(open)));
}

const ASKED = /\bif\s*\((?!\s*(?:true|1)\s*\))[^{};]{0,300}\)\s*$/;
const ASKING = /\bif\b(?!\s*\(?\s*(?:true|false|0|1|!1|!0)\s*\)?\s*$)[^{};]{0,300}$|\belse\s*$|\bcatch\b[^{};]{0,300}$/;

/** Finds the brackets. `mask`: code without comments and strings. A bracket without its partner counts for nothing. */
export function bracketsOf(mask: string): Brackets {
  const closed = new Map<number, number>();
  const open: number[] = [];
  for (const { 0: character, index } of mask.matchAll(/[()[\]{}]/g)) {
    if (PARTNERS[character] === undefined) open.push(index);
    else if (mask[open.at(-1) ?? -1] === PARTNERS[character]) closed.set(open.pop() ?? -1, index);
  }
  return closed;
}

/** The same without what is in round and square brackets: of a declaration its words. */
export function outerOf(mask: string): string {
  const closed = bracketsOf(mask);
  const pieces: string[] = [];
  let from = 0;
  for (const { index } of mask.matchAll(/[([]/g)) {
    const end = closed.get(index);
    if (index < from || end === undefined) continue;
    pieces.push(mask.slice(from, index + 1), " ".repeat(end - index - 1));
    from = end;
  }
  return [...pieces, mask.slice(from)].join("");
}

/** Where the lines end that are indented deeper than the one at `start`. */
export function indentedEnd(mask: string, start: number): number {
  const indent = indentAt(mask, start);
  const next = new RegExp(`\\n[ \\t]{0,${indent}}(?![ \\t\\n])`, "g");
  next.lastIndex = start;
  return next.exec(mask)?.index ?? mask.length;
}

/** How many columns stand before a place in its line. */
export function indentAt(mask: string, at: number): number {
  return at - (mask.lastIndexOf("\n", at - 1) + 1);
}

/** Behind these characters, where blanks, and what ends members, may stand between and before them. */
export function codeEnd(code: string, from: number, characters: string): number {
  let end = from;
  for (const character of characters.replace(/\s/g, "")) {
    const ahead = [...(/["']/.test(character) ? "\"'" : character)].map((one) => code.indexOf(one, end));
    const at = Math.min(...ahead.filter((one) => one !== -1));
    // Another layout has other marks here.
    if (!Number.isFinite(at) || /[^\s;,|&]/.test(code.slice(end, at))) break;
    end = at + 1;
  }
  return end;
}

const PARTNERS: Readonly<Record<string, string>> = { ")": "(", "]": "[", "}": "{" };
