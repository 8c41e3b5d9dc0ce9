import fc, { type Arbitrary } from "fast-check";

const NAMES = ["a", "b", "ab", "ba", "aa", "bb", "aab", ".a"];

/** Every path of up to three such names. */
export function globPaths(): readonly string[] {
  const deeper = (paths: readonly string[]) => paths.flatMap((path) => NAMES.map((name) => `${path}/${name}`));
  const two = deeper(NAMES);
  return [...NAMES, ...two, ...deeper(two)];
}

/** Patterns that some of these paths may fit. */
export function globs(): Arbitrary<string> {
  const part = fc.constantFrom("a", "a", "b", "*", "?", "[ab]", "{a,b}");
  const segment = fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join(""));
  const segments = fc.array(fc.oneof(segment, segment, fc.constant("**")), { minLength: 1, maxLength: 3 });
  const end = fc.constantFrom("", "", "", "/");
  return fc.tuple(segments, end).map(([names, slash]) => `${names.join("/")}${slash}`);
}
