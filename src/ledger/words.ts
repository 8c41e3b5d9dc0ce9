import { lengthOfTime } from "../text/words.ts";
import type { Delegated } from "./delegated.ts";
import { meetsTarget, type Stats, TARGETS, type TargetName } from "./stats.ts";
import type { Figures, Share } from "./tally.ts";

/** What stands where there is nothing to count. */
const NOTHING = "–";

/** The three figures that have a target: what they are called, and of what they are a part. */
export const RATES = {
  completed: { title: "Completed without help", short: "completed", of: "runs that ended" },
  inScope: { title: "Stayed in scope", short: "in scope", of: "handoffs" },
  firstPass: { title: "Right at the first try", short: "first try", of: "runs with checks" },
} as const satisfies Record<TargetName, { title: string; short: string; of: string }>;

export const RATE_NAMES = Object.keys(RATES) as TargetName[];

/** By what the runs are grouped. */
export const GROUPINGS = [
  { title: "Direction", key: "directions", none: "unknown" },
  { title: "Role", key: "roles", none: "no role" },
  { title: "Model", key: "models", none: "unknown" },
  { title: "Project", key: "projects", none: "unknown" },
] as const satisfies readonly { title: string; key: keyof Stats; none: string }[];

/** `66.7 %`. Cut, not rounded, just below a target or the whole: what misses it must not look like it. */
export function percent(rate: number | null): string {
  if (rate === null) return NOTHING;
  const tenths = Math.round(rate * 1e9) / 1e6;
  const rounded = Math.round(tenths);
  const looksLikeMore = [...Object.values(TARGETS), 1].some((goal) => rate < goal && rounded >= goal * 1000);
  return `${((looksLikeMore ? Math.floor(tenths) : rounded) / 10).toFixed(1)} %`;
}

/** `38 of 42 runs that ended` */
export function countOf(name: TargetName, { hits, of }: Share): string {
  return of === 0 ? `no ${RATES[name].of} yet` : `${number(hits)} of ${number(of)} ${RATES[name].of}`;
}

/** `over 95 %: missed by 2 of 40` */
export function targetWords(name: TargetName, share: Share): string {
  const met = meetsTarget(name, share);
  if (met === null) return targetOf(name);
  return `${targetOf(name)}: ${met ? "met" : `missed by ${number(lackingOf(name, share))} of ${number(share.of)}`}`;
}

/** `over 95 %` */
function targetOf(name: TargetName): string {
  return `over ${TARGETS[name] * 100} %`;
}

/** How many more hits there would have to be. */
function lackingOf(name: TargetName, { hits, of }: Share): number {
  let needed = hits;
  while (!meetsTarget(name, { hits: needed, of, rate: needed / of })) needed += 1;
  return needed - hits;
}

/** `1,234,567` */
export function number(value: number | null): string {
  // By hand: the first number that Intl writes takes a tenth of Node's own start.
  return value === null ? NOTHING : String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** `950`, `12.3 k`, `32.7 M`: what no reader counts digit by digit. */
export function short(value: number | null): string {
  if (value === null || value < 10_000) return number(value);
  const [unit, size] = value < 999_950 ? ["k", 1e3] : value < 999_950_000 ? ["M", 1e6] : (["G", 1e9] as const);
  return `${(value / Number(size)).toFixed(1)} ${unit}`;
}

export function rounds({ roundsMean }: Figures): string {
  return roundsMean === null ? NOTHING : roundsMean.toFixed(2);
}

/** `0.4 s`, `3 min 10 s`; a dash where it is not known. */
export function duration(ms: number | null): string {
  return ms === null ? NOTHING : lengthOfTime(ms);
}

/** `12 tasks, 14 delegations; a task: 42 s median, $0.3100 at list prices on average` */
export function delegatedWords({ tasks, delegations, medianMs, priced, listPriceMeanUsd }: Delegated): string {
  const counts = `${number(tasks)} ${tasks === 1 ? "task" : "tasks"}, ${number(delegations)} ${delegations === 1 ? "delegation" : "delegations"}`;
  const known = priced === tasks ? "" : ` (known of ${number(priced)})`;
  const price =
    listPriceMeanUsd === null ? "price not known" : `$${listPriceMeanUsd.toFixed(4)} at list prices on average${known}`;
  return `${counts}; a task: ${duration(medianMs)} median, ${price}`;
}

/** `2026-01-03 to 2026-02-01` */
export function rangeOf({ first, last }: Stats): string {
  const [from, to] = [first?.slice(0, 10), last?.slice(0, 10)];
  if (from === undefined || to === undefined) return NOTHING;
  return from === to ? from : `${from} to ${to}`;
}

export function runsOf(count: number): string {
  return `${number(count)} ${count === 1 ? "run" : "runs"}`;
}
