import { witnesses } from "./glob-witness.ts";
import { type PathPattern, pathPattern } from "./patterns.ts";

/** A path that both patterns name, lines included; null: they have none in common, as far as their form shows. */
export function commonPath(one: PathPattern, other: PathPattern): string | null {
  if (linesApart(one, other)) return null;
  for (const path of candidates(one, other)) if (one.matches(path) && other.matches(path)) return path;
  return null;
}

/** They name other lines of a file. */
function linesApart({ lines: one }: PathPattern, { lines: other }: PathPattern): boolean {
  return one !== null && other !== null && (one.last < other.first || other.last < one.first);
}

/** Whether two lists of patterns have a path in common. */
export function patternsMeet(some: readonly string[], others: readonly string[]): boolean {
  const rest = others.map(pathPattern);
  return some.map(pathPattern).some((one) => rest.some((other) => commonPath(one, other) !== null));
}

function* candidates(one: PathPattern, other: PathPattern): Generator<string> {
  // A file may be named like a glob: app/[id]/page.tsx. One with a star in its name belongs to no one.
  for (const { path } of [one, other]) if (!/\*|\/$/.test(path)) yield path;
  yield* witnesses(one.path, other.path);
}
