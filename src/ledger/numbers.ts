/** Null of no numbers. */
export function mean(numbers: readonly number[]): number | null {
  return numbers.length === 0 ? null : sum(numbers) / numbers.length;
}

export function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** Of numbers in order; null of none. */
export function median(ordered: Float64Array): number | null {
  const most = ordered.length - 1;
  return mean([...ordered.slice(Math.floor(most / 2), Math.ceil(most / 2) + 1)]);
}
