import type { CountedRun } from "./counted-run.ts";
import { median, sum } from "./numbers.ts";

/** A part of those that it could have been. */
export interface Share {
  readonly hits: number;
  readonly of: number;
  /** Null where there is nothing to count. */
  readonly rate: number | null;
}

/** What is counted of some runs; null where there is nothing to count. */
export interface Figures {
  readonly runs: number;
  /** Runs that were completed, and no one was asked for anything meanwhile. */
  readonly completed: Share;
  /** Handoffs whose work was looked at, and stayed in scope. */
  readonly inScope: Share;
  /** Runs with checks, all of which held before any repair. */
  readonly firstPass: Share;
  /** Repair rounds of a run with checks. */
  readonly roundsMean: number | null;
  readonly medianMs: number | null;
  /** The time that nine of ten runs do not exceed. */
  readonly p90Ms: number | null;
  /** Of all runs together that reported any. */
  readonly tokens: number | null;
  readonly tokensMean: number | null;
}

/** Some runs, counted one after the other. */
export class Tally {
  runs = 0;
  private completed = 0;
  private judged = 0;
  private inScope = 0;
  private checked = 0;
  private firstPass = 0;
  private rounds = 0;
  private told = 0;
  private tokens = 0;
  private readonly times: number[] = [];

  add(run: CountedRun): void {
    const { inScope, firstPass } = run.traits;
    this.runs += 1;
    this.times.push(run.elapsedMs);
    if (isCompleted(run)) this.completed += 1;
    if (inScope !== null) this.judged += 1;
    if (inScope === true) this.inScope += 1;
    if (firstPass !== null) this.checked += 1;
    if (firstPass !== null) this.rounds += run.rounds;
    if (firstPass === true) this.firstPass += 1;
    if (run.tokens !== null) this.told += 1;
    if (run.tokens !== null) this.tokens += run.tokens;
  }

  /** The figures of several of these together. */
  static figures(tallies: readonly Tally[]): Figures {
    const total = (of: (tally: Tally) => number) => sum(tallies.map(of));
    const [runs, checked, told] = [total((one) => one.runs), total((one) => one.checked), total((one) => one.told)];
    const times = timesOf(
      runs,
      tallies.map((one) => one.times),
    );
    const tokens = total((one) => one.tokens);
    return {
      runs,
      completed: share(
        total((one) => one.completed),
        runs,
      ),
      inScope: share(
        total((one) => one.inScope),
        total((one) => one.judged),
      ),
      firstPass: share(
        total((one) => one.firstPass),
        checked,
      ),
      roundsMean: checked === 0 ? null : total((one) => one.rounds) / checked,
      medianMs: median(times),
      p90Ms: times[Math.ceil(times.length * 0.9) - 1] ?? null,
      tokens: told === 0 ? null : tokens,
      tokensMean: told === 0 ? null : tokens / told,
    };
  }
}

export function isCompleted({ traits: { status, alone } }: CountedRun): boolean {
  return status === "completed" && alone;
}

/** In order. An array of numbers takes others whole, and is sorted without a call for each comparison. */
function timesOf(count: number, parts: readonly (readonly number[])[]): Float64Array {
  const times = new Float64Array(count);
  let at = 0;
  for (const part of parts) {
    times.set(part, at);
    at += part.length;
  }
  return times.sort();
}

function share(hits: number, of: number): Share {
  return { hits, of, rate: of === 0 ? null : hits / of };
}
