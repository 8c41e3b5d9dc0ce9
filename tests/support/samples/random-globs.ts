import type { dice } from "../dice.ts";

const NAMES = ["a", "b", "ab", "ba", "aa", "bb", "aab", ".a"];

/** Every path of up to three such names. */
export function globPaths(): readonly string[] {
  const deeper = (paths: readonly string[]) => paths.flatMap((path) => NAMES.map((name) => `${path}/${name}`));
  const two = deeper(NAMES);
  return [...NAMES, ...two, ...deeper(two)];
}

/** A pattern that some of these paths may fit. */
export function randomGlob(drawn: ReturnType<typeof dice>): string {
  const segment = () =>
    Array.from({ length: 1 + drawn.number(3) }, () => drawn.one(["a", "a", "b", "*", "?", "[ab]", "{a,b}"])).join("");
  const segments = Array.from({ length: 1 + drawn.number(3) }, () => drawn.one([segment(), segment(), "**"]));
  return `${segments.join("/")}${drawn.one(["", "", "", "/"])}`;
}
