import type { Family } from "./stripped-text.ts";

/** How far a declaration reaches. */
export type Reach =
  /** To where its body or its value begins. */
  | "header"
  /** With its body. */
  | "whole"
  /** To the end of a type that is given a name. */
  | "alias"
  /** A name that is given a value: with the head of the function, if the value is one. */
  | "variable"
  /** To the end of the line, brackets closed. */
  | "line";

/** Where a declaration ends. `mask`: code without comments and strings; `from`: behind its name. */
export function signatureEnd(family: Family, mask: string, from: number, reach: Reach): number {
  switch (reach) {
    case "whole": {
      const body = scan(family, mask, from, ";{");
      const open = mask[body] === "{" ? body : mask.indexOf("{", from);
      return mask[body] === ";" || open === -1 || open > body ? body : closing(mask, open);
    }
    case "variable":
      return variableEnd(mask, from);
    case "alias":
      return scan(family, mask, from, ";");
    case "line":
      return scan(family, mask, from, ";\n");
    case "header":
      return scan(family, mask, from, ";{=");
  }
}

/** Behind the bracket that closes the one at `at`. */
export function closing(mask: string, at: number): number {
  let depth = 0;
  for (let position = at; position < mask.length; position += 1) {
    const character = mask[position] ?? "";
    if (OPENING.includes(character)) depth += 1;
    else if (CLOSING.includes(character)) depth -= 1;
    if (depth === 0) return position + 1;
  }
  return mask.length;
}

/** The first of `stop` that is not inside of brackets; a line that cannot go on is an end too. */
function scan(family: Family, mask: string, from: number, stop: string): number {
  let angles = 0;
  // Where the code ends that stands before.
  let last = from - 1;
  for (let at = from; at < mask.length; at += 1) {
    const character = mask[at] ?? "";
    const next = mask[at + 1];
    // The arrow of a type leads to another type; elsewhere it leads to the body.
    if (character === "=" && next === ">" && family === "js") at += 1;
    else if (
      character === "{" &&
      stop.includes("{") &&
      angles === 0 &&
      !isTypeBrace(family, lastWords(mask, from, last))
    )
      return at;
    else if (OPENING.includes(character)) at = closing(mask, at) - 1;
    else if (CLOSING.includes(character)) return at;
    else if (character === "<" && next !== "-" && !stop.includes("\n")) angles += 1;
    else if (character === ">" && mask[at - 1] !== "-") angles = Math.max(0, angles - 1);
    else if (
      character === "\n" &&
      angles === 0 &&
      (stop.includes("\n") || !goesOn(mask, at, lastWords(mask, from, last)))
    )
      return at;
    else if (character !== "\n" && stop.includes(character) && angles === 0 && !isComparison(mask, at)) return at;
    if (!/\s/.test(mask[at] ?? "")) last = at;
  }
  return mask.length;
}

function variableEnd(mask: string, from: number): number {
  const value = scan("js", mask, from, ";=");
  if (mask[value] !== "=") return value;
  const behind = mask.slice(value + 1);
  const named = /^\s*(?:async\s+)?function\b\s*\*?\s*\w*/.exec(behind);
  if (named !== null) return scan("js", mask, value + 1 + named[0].length, ";{");
  const short = /^\s*(?:async\s+)?[\w$]+\s*=>/.exec(behind);
  if (short !== null) return value + 1 + short[0].length;
  const open = /^\s*(?:async\s*)?(?:<[^=;{]*>\s*)?\(/.exec(behind);
  if (open === null) return value;
  const parameters = closing(mask, value + open[0].length);
  const arrow = /^\s*(?::(?:[^=;{]|\{[^}]*\}|=>(?=[^=;]*=>))*?)?=>/.exec(mask.slice(parameters));
  return arrow === null ? value : parameters + arrow[0].length;
}

/** Whether a brace belongs to a type and not to a body: by what stands before it. */
function isTypeBrace(family: Family, before: string): boolean {
  if (family === "go") return /\b(?:interface|struct)$/.test(before);
  return family === "js" && /(?:[:|&<,(?[]|=>|\b(?:is|keyof|readonly|asserts|infer))$/.test(before);
}

/** Whether the code of a line goes on in the next. */
function goesOn(mask: string, at: number, before: string): boolean {
  if (before === "" || /(?:[=|&<,(:?+.]|=>|->|\b(?:extends|implements|keyof|throws|where|with))$/.test(before))
    return true;
  GOES_ON.lastIndex = at;
  return GOES_ON.test(mask);
}

const GOES_ON = /\s*(?:[{|&=?:.,)<>]|->|(?:extends|implements|throws|where|with|permits)\b)/y;

/** The end of what was read, long enough to show whether more must come. */
function lastWords(mask: string, from: number, last: number): string {
  return mask.slice(Math.max(from, last - 20), last + 1);
}

function isComparison(mask: string, at: number): boolean {
  return mask[at] === "=" && (mask[at + 1] === "=" || /[=!<>]/.test(mask[at - 1] ?? ""));
}

const OPENING = "([{";
const CLOSING = ")]}";
