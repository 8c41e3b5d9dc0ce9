import { escapeValue } from "../ask/defuse.ts";

/** `key=value` lines for stdout; what is null is left out. */
export function lines(pairs: readonly (readonly [key: string, value: string | number | null])[]): string {
  return pairs.flatMap(([key, value]) => (value === null ? [] : [`${key}=${escapeValue(String(value))}\n`])).join("");
}

/** A sentence for whoever looks on, on stderr. */
export function tell(sentence: string): void {
  process.stderr.write(`[ask-codex] ${escapeValue(sentence)}\n`);
}
