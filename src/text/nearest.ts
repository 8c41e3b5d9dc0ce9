/** The known names that `word` may be a slip of the keyboard for, nearest first. */
export function nearest(word: string, known: readonly string[]): readonly string[] {
  return (
    known
      .map((name) => ({ name, distance: distance(word.toLowerCase(), name.toLowerCase()), most: mostFor(word, name) }))
      .filter(({ distance, most }) => distance <= most)
      // A name that only lacks its end was broken off, not mistyped.
      .sort((a, b) => Number(b.name.startsWith(word)) - Number(a.name.startsWith(word)) || a.distance - b.distance)
      .map(({ name }) => name)
  );
}

/** One slip in a short name, two in a longer one: more would make every word of four letters a command. */
function mostFor(word: string, name: string): number {
  return Math.min(word.length, name.length) <= 4 ? 1 : 2;
}

/** Insertions, deletions, replacements and neighbours exchanged (optimal string alignment). commander has it, and keeps it to itself. */
function distance(one: string, other: string): number {
  const rows = [Array.from({ length: other.length + 1 }, (_, column) => column)];
  for (let row = 1; row <= one.length; row++) {
    const above = rows[row - 1] ?? [];
    const line = [row];
    for (let column = 1; column <= other.length; column++) {
      const cost = one[row - 1] === other[column - 1] ? 0 : 1;
      const swapped = row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      line[column] = Math.min(
        (above[column] ?? 0) + 1,
        (line[column - 1] ?? 0) + 1,
        (above[column - 1] ?? 0) + cost,
        swapped ? (rows[row - 2]?.[column - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    rows.push(line);
  }
  return rows[one.length]?.[other.length] ?? 0;
}
