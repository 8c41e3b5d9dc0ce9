/**
 * A piece of JavaScript or TypeScript with a comma wherever the end of a line alone ends a member of a type; some lay out their code
 * without semicolons. `mask`: the same piece without comments and strings.
 */
export function withMemberEnds(code: string, mask: string): string {
  const open: string[] = [];
  const pieces: string[] = [];
  let from = 0;
  for (const { 0: found, index } of mask.matchAll(/[()[\]{}]|\n\s*/g)) {
    if (OPENING.test(found)) open.push(found);
    else if (CLOSING.test(found)) open.pop();
    else if (open.at(-1) === "{" && endsMember(mask, index, index + found.length)) {
      pieces.push(code.slice(from, index), ",");
      from = index;
    }
  }
  return [...pieces, code.slice(from)].join("");
}

const OPENING = /^[([{]/;
const CLOSING = /^[)\]}]/;

function endsMember(mask: string, end: number, next: number): boolean {
  const before = mask.slice(Math.max(0, end - 40), end);
  return (
    /[\w$"'`)\]}>?]\s*$/.test(before) &&
    !/(?:=>|\b(?:extends|keyof|typeof|readonly|infer|is|in|as|unique|asserts|new|get|set|static))\s*$/.test(before) &&
    BEGINNING.test(mask.slice(next, next + 12))
  );
}

const BEGINNING = /^(?!(?:extends|implements|is|in|as)\b)[\w$"'`[(#+-]/;
