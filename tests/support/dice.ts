/** Random draws that a seed repeats. */
export interface Dice {
  /** A number from 0 up to, not including, `below`. */
  number(below: number): number;
  /** One of these, each as often as it is listed. */
  one<T>(of: readonly T[]): T;
}

/** Mulberry32: 32 bits of state, good enough to choose moments. */
export function dice(seed: number): Dice {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    number: (below) => next() * below,
    one(of) {
      const chosen = of[Math.floor(next() * of.length)];
      if (chosen === undefined) throw new Error("nothing to choose from");
      return chosen;
    },
  };
}
