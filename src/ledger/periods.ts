import type { CountedRun } from "./counted-run.ts";
import { isCompleted } from "./tally.ts";

/** The runs of a day, a week or a month (UTC). */
export interface Period {
  /** Its first day: `2026-01-31` */
  readonly from: string;
  readonly unit: Unit;
  readonly runs: number;
  readonly completed: number;
  /** Of all its runs together that reported any. */
  readonly tokens: number;
}

type Unit = "day" | "week" | "month";

const DAY_MS = 86_400_000;
const MOST_DAYS = 31;
const MOST_WEEKS = 26;
// Five years of months: no one can distinguish more columns than this.
const MOST_PERIODS = 60;

/** The runs of each day (UTC), and along the time. */
export class Days {
  /** When the first of them began, in milliseconds since 1970; null: there is none. */
  first: number | null = null;
  last: number | null = null;
  // By the number of the day since 1970.
  private readonly counts = new Map<number, Counts>();

  add(run: CountedRun): void {
    if (this.first === null || run.time < this.first) this.first = run.time;
    if (this.last === null || run.time > this.last) this.last = run.time;
    const day = Math.floor(run.time / DAY_MS);
    const counts = this.counts.get(day) ?? { runs: 0, completed: 0, tokens: 0 };
    if (counts.runs === 0) this.counts.set(day, counts);
    counts.runs += 1;
    counts.completed += isCompleted(run) ? 1 : 0;
    counts.tokens += run.tokens ?? 0;
  }

  /** From the first run to the last one; periods without any are there as well. At most the last 60. */
  periods(): readonly Period[] {
    const { first, last } = this;
    if (first === null || last === null) return [];
    const days = (last - first) / DAY_MS;
    const unit = days <= MOST_DAYS ? "day" : days <= MOST_WEEKS * 7 ? "week" : "month";
    const counts = new Map<number, Counts>();
    for (const [day, its] of this.counts) {
      const start = startOf(unit, day * DAY_MS);
      const before = counts.get(start) ?? NONE;
      counts.set(start, {
        runs: before.runs + its.runs,
        completed: before.completed + its.completed,
        tokens: before.tokens + its.tokens,
      });
    }
    const periods: Period[] = [];
    for (let start = startOf(unit, last); start >= startOf(unit, first); start = startOf(unit, start - 1)) {
      if (periods.length === MOST_PERIODS) break;
      const from = new Date(start).toISOString().slice(0, 10);
      periods.unshift({ from, unit, ...(counts.get(start) ?? NONE) });
    }
    return periods;
  }
}

interface Counts {
  runs: number;
  completed: number;
  tokens: number;
}

const NONE: Readonly<Counts> = { runs: 0, completed: 0, tokens: 0 };

function startOf(unit: Unit, time: number): number {
  const date = new Date(time);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  if (unit === "month") return new Date(0).setUTCFullYear(year, month, 1);
  const day = Math.floor(time / DAY_MS) * DAY_MS;
  // Weeks begin with Monday; getUTCDay counts from Sunday.
  return unit === "day" ? day : day - ((date.getUTCDay() + 6) % 7) * DAY_MS;
}
