import { UsageError } from "../../errors.ts";

/**
 * The time that `--since` means at `now`. A day is one of the user's own: it begins at midnight where the machine is.
 * @throws UsageError
 */
export function timeOf(since: string, now: Date): Date {
  const [, count, unit = ""] = /^(\d{1,5})([hdw])$/.exec(since) ?? [];
  const ms = UNITS[unit];
  if (count !== undefined && ms !== undefined) return new Date(now.getTime() - Number(count) * ms);
  const [, year, month, day] = (/^(\d{4})-(\d\d)-(\d\d)$/.exec(since) ?? []).map(Number);
  const date = new Date(year ?? Number.NaN, (month ?? 0) - 1, day);
  // 2026-02-31 would be a day in March.
  if (date.getMonth() + 1 !== month || date.getDate() !== day)
    throw new UsageError(`--since ${since} is no time: use 30d, 12h, 2w, or a day such as 2026-01-31.`);
  return date;
}

const UNITS: Readonly<Record<string, number>> = { h: 3_600_000, d: 86_400_000, w: 604_800_000 };
