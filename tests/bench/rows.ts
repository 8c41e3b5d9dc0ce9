import { median } from "./measure.ts";

export type Unit = "ms" | "s" | "KB" | "MB" | "x";

/** One line of the table: a figure, what it is made from, and what it ought to be at most. */
export interface Row {
  readonly what: string;
  readonly unit: Unit;
  readonly value: number;
  /** What the value is the median of; of a ratio, the ratios of the single rounds. */
  readonly samples: readonly number[];
  readonly goal: number | null;
  /** The median of the processor time that belongs to it (ms); null: it cannot be told. */
  readonly cpuMs?: number | null;
}

/** The median of a measurement. */
export function figure(what: string, unit: Unit, samples: readonly number[], goal: number | null = null): Row {
  return { what, unit, value: median(samples), samples, goal };
}

/** The median of a time, with that of the processor time beside it. */
export function timed(what: string, samples: readonly number[], cpuMs: readonly number[]): Row {
  return { ...figure(what, "ms", samples), cpuMs: cpuMs.some(Number.isFinite) ? median(cpuMs) : null };
}

/** The ratio of two medians of the same contest. */
export function ratio(
  what: string,
  samples: readonly number[],
  against: readonly number[],
  goal: number | null = null,
): Row {
  const rounds = samples.map((sample, round) => sample / (against[round] ?? Number.NaN));
  return { what, unit: "x", value: median(samples) / median(against), samples: rounds, goal };
}

/** Null: there is no goal. */
export function isMet({ value, goal }: Row): boolean | null {
  return goal === null ? null : value <= goal;
}
