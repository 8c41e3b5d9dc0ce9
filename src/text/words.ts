/** The milliseconds of a length of time: `600` (seconds), `45s`, `10m`, `2h`, `7d`, `2w`. Null: it is not written as one. */
export function parseDuration(text: string): number | null {
  const [, count, unit = "s"] = /^(\d{1,9}(?:\.\d{1,3})?)([smhdw])?$/.exec(text) ?? [];
  return count === undefined ? null : Math.round(Number(count) * (UNITS[unit] ?? Number.NaN));
}

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };
