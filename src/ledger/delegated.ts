import type { LedgerEntry } from "./ledger.ts";
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
export function delegatedIn(entries: readonly LedgerEntry[]): Delegated | null {
  const tasks = new Map<string, LedgerEntry[]>();
  const delegations = entries.filter(({ kind }) => kind === "delegation");
  for (const entry of delegations) {
    // Without its orchestration an id says nothing: another one may have given it, too.
    const of = entry.orchestration === undefined ? [entry.run_id] : [entry.orchestration, entry.handoff?.task_id];
    const key = JSON.stringify(of);
    tasks.set(key, [...(tasks.get(key) ?? []), entry]);
  }
  if (tasks.size === 0) return null;
  const all = [...tasks.values()];
  const prices = all.flatMap((parts) => priceOf(parts) ?? []);
  return {
    tasks: tasks.size,
    delegations: delegations.length,
    medianMs: median(Float64Array.from(all, (parts) => sum(parts.map(({ elapsed_ms }) => elapsed_ms))).sort()),
    priced: prices.length,
    listPriceUsd: prices.length === 0 ? null : sum(prices),
    listPriceMeanUsd: mean(prices),
  };
}

function priceOf(parts: readonly LedgerEntry[]): number | null {
  const prices = parts.flatMap((entry) => entry.list_price_usd ?? []);
  return prices.length === parts.length ? sum(prices) : null;
}
