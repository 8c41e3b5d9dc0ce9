import { isTooLong, parseDuration } from "../../text/words.ts";
import { timeFault } from "../command/line-faults.ts";

/**
 * The time that `--since` means at `now`. A day is one of the user's own: it begins at midnight where the machine is.
 * @throws UsageError
 */
export function timeOf(since: string, now: Date): Date {
  const ms = parseDuration(since);
  if (ms !== null && !isTooLong(since)) return new Date(now.getTime() - ms);
  const [, year, month, day] = (/^(\d{4})-(\d\d)-(\d\d)$/.exec(since) ?? []).map(Number);
  const date = new Date(year ?? Number.NaN, (month ?? 0) - 1, day);
  // 2026-02-31 would be a day in March.
  if (date.getMonth() + 1 !== month || date.getDate() !== day)
    throw timeFault("--since", since, "30d, 12h, 2w, or a day such as 2026-01-31");
  return date;
}
