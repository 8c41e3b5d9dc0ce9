import { createHash } from "node:crypto";
import type { ReportedFinding } from "./finding.ts";
import { foldText } from "./folded-text.ts";
import { readQuote } from "./quote.ts";

/** What a finding is known by: never its line, its file's name or its title, which all change without the fault being gone. */
export interface Identity {
  readonly category: string;
  readonly symbol: string;
  /** The quoted code without white space. */
  readonly code: string;
}

export function identityOf(finding: Pick<ReportedFinding, "category" | "code">, symbol: string): Identity {
  const quote = readQuote(finding.code);
  return { category: finding.category, symbol, code: foldText(quote.removed ? quote.before : quote.now).characters };
}

/** `f` and twelve hexadecimal digits. */
export function findingId({ category, symbol, code }: Identity): string {
  return `f${createHash("sha256").update([category, symbol, code].join("\0")).digest("hex").slice(0, 12)}`;
}

/** An id that no other finding has: equal code in a second file is distinguished by where it lies. */
export function freeId(identity: Identity, path: string, taken: ReadonlySet<string>): string {
  const symbols = [identity.symbol, `${identity.symbol} in ${path}`];
  for (let count = 2; ; count += 1) {
    const symbol = symbols.shift() ?? `${identity.symbol} in ${path}, ${count}`;
    const id = findingId({ ...identity, symbol });
    if (!taken.has(id)) return id;
  }
}

/**
 * Whether two findings are the same fault: equal, or in the same declaration with one quote inside of the other, as reviewers quote
 * one line today and three tomorrow.
 */
export function isSame(one: Identity, other: Identity): boolean {
  if (one.category !== other.category || one.symbol !== other.symbol) return false;
  if (one.code === other.code) return true;
  const [shorter, longer] = one.code.length < other.code.length ? [one.code, other.code] : [other.code, one.code];
  if (shorter.length >= LEAST_OF_A_SHARED_QUOTE) return longer.includes(shorter);
  return shorter.length >= LEAST_OF_A_SHARED_END && (longer.startsWith(shorter) || longer.endsWith(shorter));
}

// Shorter pieces (`return null;`) stand inside of many others.
const LEAST_OF_A_SHARED_QUOTE = 16;

// As a line that both begin or end with (`if (a) {`).
const LEAST_OF_A_SHARED_END = 6;
