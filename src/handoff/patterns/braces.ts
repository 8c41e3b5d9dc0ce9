// More alternatives than people write by hand.
const MOST_ALTERNATIVES = 64;

/** `{a,b}c` → `ac`, `bc` */
export function withoutBraces(glob: string): readonly string[] {
  const globs = [glob];
  for (let at = 0; at < globs.length && globs.length < MOST_ALTERNATIVES; ) {
    const [whole = "", inner] = /\{([^{}]*,[^{}]*)\}/.exec(globs[at] ?? "") ?? [];
    if (inner === undefined) at++;
    else globs.splice(at, 1, ...inner.split(",").map((choice) => (globs[at] ?? "").replace(whole, () => choice)));
  }
  return globs;
}
