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

/** The runs along the time, from the first to the last one; periods without any are there as well. At most the last 60. */
export function periodsOf(
  runs: readonly { readonly time: number; readonly completed: boolean; readonly tokens: number }[],
): readonly Period[] {
  const times = runs.map(({ time }) => time);
  // Not by spreading: there may be more of them than a call takes arguments.
  const first = times.reduce((one, other) => Math.min(one, other), Number.POSITIVE_INFINITY);
  const last = times.reduce((one, other) => Math.max(one, other), Number.NEGATIVE_INFINITY);
  if (runs.length === 0) return [];
  const days = (last - first) / DAY_MS;
  const unit = days <= MOST_DAYS ? "day" : days <= MOST_WEEKS * 7 ? "week" : "month";
  const counts = new Map<number, Counts>();
  for (const { time, completed, tokens } of runs) {
    const start = startOf(unit, time);
    const before = counts.get(start) ?? NONE;
    counts.set(start, {
      runs: before.runs + 1,
      completed: before.completed + (completed ? 1 : 0),
      tokens: before.tokens + tokens,
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

type Counts = Omit<Period, "from" | "unit">;

const NONE: Counts = { runs: 0, completed: 0, tokens: 0 };

function startOf(unit: Unit, time: number): number {
  const date = new Date(time);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  if (unit === "month") return new Date(0).setUTCFullYear(year, month, 1);
  const day = Math.floor(time / DAY_MS) * DAY_MS;
  // Weeks begin with Monday; getUTCDay counts from Sunday.
  return unit === "day" ? day : day - ((date.getUTCDay() + 6) % 7) * DAY_MS;
}
