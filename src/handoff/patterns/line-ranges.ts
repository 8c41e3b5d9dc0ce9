import type { Hunk } from "../../workspace/git/hunks.ts";

/** Lines of a file as it was before the work, from 1, both inclusive. */
export interface LineRange {
  readonly first: number;
  readonly last: number;
}

/** The hunks that reach beyond the ranges. Lines put in right at a border are inside. */
export function hunksOutside(hunks: readonly Hunk[], ranges: readonly LineRange[]): readonly Hunk[] {
  const joined = join(ranges);
  return hunks.filter(({ before: { start, count } }) => {
    // Lines put in after line `start` lie at the end of it and at the beginning of the next.
    const [first, last] = count === 0 ? [start + 1, start] : [start, start + count - 1];
    return !joined.some((range) => range.first <= first && last <= range.last);
  });
}

/** The hunks that change lines of the range, or put lines between two of them. */
export function hunksInside(hunks: readonly Hunk[], { first, last }: LineRange): readonly Hunk[] {
  return hunks.filter(({ before: { start, count } }) =>
    count === 0 ? first <= start && start < last : start <= last && first < start + count,
  );
}

/** Ranges that overlap or touch count as one. */
function join(ranges: readonly LineRange[]): readonly LineRange[] {
  const joined: LineRange[] = [];
  for (const range of [...ranges].sort((one, other) => one.first - other.first)) {
    const latest = joined.at(-1);
    if (latest === undefined || range.first > latest.last + 1) joined.push(range);
    else joined[joined.length - 1] = { first: latest.first, last: Math.max(latest.last, range.last) };
  }
  return joined;
}
