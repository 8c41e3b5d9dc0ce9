import { familyOf, readSource } from "../source/stripped-text.ts";

/**
 * Whether two texts of a file differ in their layout alone: blanks, quotes, what a formatter puts at the end of lines and
 * lists or around expressions. In a language in which indentation has a meaning that is compared as well.
 */
export function sameTokens(path: string, before: string | null, after: string | null): boolean {
  if (before === null || after === null || INDENTED.test(path)) return before === after;
  const family = familyOf(path);
  if (family === null) return before.replace(/\s+/g, "") === after.replace(/\s+/g, "");
  if (tokensOf(before) !== tokensOf(after)) return false;
  return family !== "python" || blocksOf(readSource(family, before).mask) === blocksOf(readSource(family, after).mask);
}

/** Nothing that we read, and blanks at the beginning of a line say something. */
const INDENTED = /\.(?:ya?ml|pug|sass|haml|slim|styl|coffee|nim|hs|fsx?|mk)$|(?:^|\/)(?:GNU)?[Mm]akefile$/;

function tokensOf(text: string): string {
  const tokens = text.replace(/["']/g, '"').match(/[\w$]+|[^\s\w$]/g) ?? [];
  return tokens.filter((token) => !LAYOUT.has(token)).join(" ");
}

const LAYOUT = new Set([",", ";", "(", ")", "\\"]);

/** How deep each logical line of Python is, as the number of blocks around it. */
function blocksOf(mask: string): string {
  const open: number[] = [0];
  const depths: number[] = [];
  let brackets = 0;
  let goesOn = false;
  for (const line of mask.split("\n")) {
    const indent = line.search(/\S/);
    if (indent === -1) continue;
    if (brackets === 0 && !goesOn) {
      while (indent < (open.at(-1) ?? 0)) open.pop();
      if (indent > (open.at(-1) ?? 0)) open.push(indent);
      depths.push(open.length);
    }
    brackets += (line.match(/[([{]/g)?.length ?? 0) - (line.match(/[)\]}]/g)?.length ?? 0);
    goesOn = line.trimEnd().endsWith("\\");
  }
  return depths.join();
}
