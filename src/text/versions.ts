/** Compares two versions by their numbers: negative when `one` is older. Null when one of them has none. */
export function compareVersions(one: string, other: string): number | null {
  const [first, second] = [numbersOf(one), numbersOf(other)];
  if (first === null || second === null) return null;
  const index = first.findIndex((part, at) => part !== second[at]);
  return index === -1 ? 0 : (first[index] ?? 0) - (second[index] ?? 0);
}

function numbersOf(version: string): readonly number[] | null {
  const match = /^(\d+)\.(\d+)\.(\d+)/.exec(version);
  return match ? match.slice(1).map(Number) : null;
}
