import type { CountedRun } from "./counted-run.ts";
import { mean, median, sum } from "./numbers.ts";

/** The tasks that orchestrations handed on. A task may have taken several delegations: its time and its price are those of all. */
export interface Delegated {
  readonly tasks: number;
  readonly delegations: number;
  readonly medianMs: number | null;
  /** Tasks whose whole price is known. */
  readonly priced: number;
  /** Of those, at list prices; null: there are none. */
  readonly listPriceUsd: number | null;
  readonly listPriceMeanUsd: number | null;
}

/** What was delegated; null: nothing. Prices are those of the executors alone. */
export function delegatedIn(runs: readonly CountedRun[]): Delegated | null {
  const tasks = new Map<string, CountedRun[]>();
  for (const run of runs) {
    if (run.task === null) continue;
    const parts = tasks.get(run.task);
    if (parts === undefined) tasks.set(run.task, [run]);
    else parts.push(run);
  }
  if (tasks.size === 0) return null;
  const all = [...tasks.values()];
  const prices = all.flatMap((parts) => priceOf(parts) ?? []);
  return {
    tasks: tasks.size,
    delegations: sum(all.map(({ length }) => length)),
    medianMs: median(Float64Array.from(all, (parts) => sum(parts.map(({ elapsedMs }) => elapsedMs))).sort()),
    priced: prices.length,
    listPriceUsd: prices.length === 0 ? null : sum(prices),
    listPriceMeanUsd: mean(prices),
  };
}

function priceOf(parts: readonly CountedRun[]): number | null {
  const prices = parts.flatMap(({ priceUsd }) => priceUsd ?? []);
  return prices.length === parts.length ? sum(prices) : null;
}
