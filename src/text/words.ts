/** The milliseconds of a length of time: `600` (seconds), `45s`, `10m`, `2h`, `7d`, `2w`. Null: it is not written as one. */
export function parseDuration(text: string): number | null {
  const [, count, unit = "s"] = /^(\d{1,9}(?:\.\d{1,3})?)([smhdw])?$/.exec(text) ?? [];
  return count === undefined ? null : Math.round(Number(count) * (UNITS[unit] ?? Number.NaN));
}

/** Whether a text is a length of time, but one that no one lives to see the end of: 31 years, which are nine digits of seconds. */
export function isTooLong(text: string): boolean {
  return (parseDuration(text) ?? 0) > 999_999_999_000 || /^\d{10,}[smhdw]?$/.test(text);
}

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** `0.4 s`, `42 s`, `3 min 10 s`, `2 h 5 min` */
export function lengthOfTime(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (ms < 9_950) return `${(ms / 1000).toFixed(1)} s`;
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** How long ago something was, for people: `just now`, `3 min ago`, `2 h ago`, `5 d ago`. */
export function ago(ms: number): string {
  const minutes = Math.floor(Math.max(0, ms) / 60_000);
  if (minutes === 0) return "just now";
  if (minutes < 60) return `${minutes} min ago`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ago` : `${Math.floor(hours / 24)} d ago`;
}

/** The same in a column: `42s`, `3m`, `2h`, `5d`, the largest unit that is not zero. */
export function shortAge(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return `${seconds}s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m`;
  return seconds < 86_400 ? `${Math.floor(seconds / 3600)}h` : `${Math.floor(seconds / 86_400)}d`;
}

/** `1 task`, `3 tasks`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** The first of several names, and how many more there are: `a, b and 3 more`. */
export function firstOf(names: readonly string[], most = 5): string {
  return names.slice(0, most).join(", ") + (names.length > most ? ` and ${names.length - most} more` : "");
}

/** Words as a sentence: with a full stop, unless they end with one. */
export function sentence(words: string): string {
  return /[.!?]$/.test(words) ? words : `${words}.`;
}
