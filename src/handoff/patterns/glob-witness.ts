import { escapeRegExp } from "../../text/escape.ts";
import { withoutBraces } from "./braces.ts";

/**
 * Paths that two globs may both match: for each way to write out their braces one, if there is any. Whether they do match is for
 * whoever knows all of the language to say; what only that knows (`+(a|b)`, `!(a)`) is taken for anything.
 */
export function* witnesses(one: string, other: string): Generator<string> {
  for (const left of withoutBraces(one).flatMap(depths)) {
    for (const right of withoutBraces(other).flatMap(depths)) {
      const path = meet(left, right, { both: meetSegments, any: ANY_DEPTH });
      if (path === null) continue;
      // Where a name may have a beginning, one without is hard to read.
      yield path.map((name) => name.replace(/^\./, "x.")).join("/");
      yield path.join("/");
    }
  }
}

const ANY_DEPTH = "**";

/** A trailing `**` names what is below a folder, and, to the letter, the folder. */
function depths(glob: string): readonly (readonly string[])[] {
  const segments = glob.replace(/\/$/, "/**").split("/");
  return segments.at(-1) === ANY_DEPTH ? [[...segments, "*"], segments] : [segments];
}

/**
 * The shortest sequence that fits two patterns, where `any` stands for any number of parts. `both` gives a part that fits two parts,
 * `any` among them. Null: there is none.
 */
function meet<Part, Got>(
  left: readonly Part[],
  right: readonly Part[],
  { both, any }: { readonly both: (one: Part, other: Part) => Got | null; readonly any: Part },
): readonly Got[] | null {
  const known = new Map<number, readonly Got[] | null>();
  const from = (at: number, to: number): readonly Got[] | null => {
    const key = at * (right.length + 1) + to;
    if (!known.has(key)) known.set(key, search(at, to));
    return known.get(key) ?? null;
  };
  const search = (at: number, to: number): readonly Got[] | null => {
    const [one, other] = [left[at], right[to]];
    if (one === undefined && other === undefined) return [];
    if (one === any) {
      const skipped = from(at + 1, to);
      if (skipped !== null) return skipped;
    }
    if (other === any) {
      const skipped = from(at, to + 1);
      if (skipped !== null) return skipped;
    }
    if (one === undefined || other === undefined || (one === any && other === any)) return null;
    const part = both(one, other);
    const rest = part === null ? null : from(one === any ? at : at + 1, other === any ? to : to + 1);
    return part === null || rest === null ? null : [part, ...rest];
  };
  return from(0, 0);
}

/** One name between slashes that fits both. */
function meetSegments(one: string, other: string): string | null {
  const name = meet(characters(one), characters(other), { both: meetCharacters, any: ANYTHING });
  return name === null ? null : name.join("") || "x";
}

/** What stands for one character, or for any number of them. */
type Character = RegExp;

const ANYTHING: Character = /^[^/]$/s;
const ONE: Character = /^[^/]$/su;

function characters(segment: string): readonly Character[] {
  const parts = segment.match(/\\.|\[[!^]?\]?[^\]]*\]|[@?*+!]\([^)]*\)|\*+|./gsu) ?? [];
  return parts.map((part) => {
    if (/^\*+$/.test(part) || /^[@?*+!]\(/.test(part)) return ANYTHING;
    if (part === "?") return ONE;
    return (part.length > 2 && part.startsWith("[") && setOf(part)) || exactly(part.replace(/^\\/, ""));
  });
}

function exactly(character: string): Character {
  return new RegExp(`^${escapeRegExp(character)}$`, "s");
}

function setOf(part: string): Character | null {
  try {
    return new RegExp(`^${part.replace(/^\[!/, "[^")}$`, "s");
  } catch {
    return null;
  }
}

function meetCharacters(one: Character, other: Character): string | null {
  const named = [one, other].flatMap(({ source }) => [...source.replace(/^\^\\?|\$$/g, "")]);
  return [...COMMON, ...named].find((character) => one.test(character) && other.test(character)) ?? null;
}

const COMMON = [..."xabcdefghijklmnopqrstuvwyzXABCDEFGHIJKLMNOPQRSTUVWYZ0123456789_-."];
