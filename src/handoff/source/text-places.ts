/** Tells which line, from 1, a position is in. The text is looked at once, however many are asked for. */
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

/** Where each bracket is closed. `mask`: code without comments and strings. A bracket without its partner counts for nothing. */
export function bracketsOf(mask: string): ReadonlyMap<number, number> {
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

const PARTNERS: Readonly<Record<string, string>> = { ")": "(", "]": "[", "}": "{" };
