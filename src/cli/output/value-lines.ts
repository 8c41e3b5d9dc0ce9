import { escapeValue } from "../../text/defuse.ts";

/** A line's key, and its value; null is left out. */
export type Pair = readonly [key: string, value: string | number | boolean | null];

/** `key=value` lines for stdout. */
export function lines(pairs: readonly Pair[]): string {
  return pairs.flatMap(([key, value]) => (value === null ? [] : [`${key}=${escapeValue(String(value))}\n`])).join("");
}
