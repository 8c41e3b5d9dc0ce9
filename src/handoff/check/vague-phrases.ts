/** A phrase that leaves open what is to be done, and where in the text it begins. */
export interface VaguePhrase {
  /** As it was written. */
  readonly phrase: string;
  readonly at: number;
}

/** Where a text uses one of the phrases. What is code, and what the sentence rules out ("do not clean up"), does not count. */
export function vaguePhrases(text: string, phrases: readonly string[]): readonly VaguePhrase[] {
  const prose = withoutCode(text).replaceAll("’", "'");
  const found: VaguePhrase[] = [];
  // A longer phrase may hold a shorter one: it is told once.
  for (const phrase of [...phrases].sort((one, other) => other.length - one.length)) {
    for (const { 0: match, index } of prose.matchAll(asWords(phrase))) {
      const within = found.some(({ at, phrase: longer }) => index >= at && index < at + longer.length);
      if (!within && !isRuledOut(prose.slice(0, index))) found.push({ phrase: match.replace(/\s+/g, " "), at: index });
    }
  }
  return found.sort((one, other) => one.at - other.at);
}

/** Code becomes blanks: what stands after it keeps its place. */
function withoutCode(text: string): string {
  const blank = (code: string) => code.replace(/[^\n]/g, " ");
  return text.replace(/^(`{3,}|~{3,})[\s\S]*?^\1/gm, blank).replace(/(`+)(?!`)[\s\S]*?[^`]\1(?!`)/g, blank);
}

function asWords(phrase: string): RegExp {
  const words = phrase.trim().replaceAll("’", "'").split(/\s+/);
  const escaped = words.map((word) => word.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&"));
  const [before, after] = [/^[\p{L}\p{N}_]/u, /[\p{L}\p{N}_]$/u].map((edge) => edge.test(phrase.trim()));
  const start = before ? "(?<![\\p{L}\\p{N}_])" : "";
  return new RegExp(`${start}${escaped.join("\\s+")}${after ? "(?![\\p{L}\\p{N}_])" : ""}`, "giu");
}

/** The same part of the sentence says no before. */
function isRuledOut(before: string): boolean {
  const part = before.split(/[.;:!?]\s|\n\s*\n|\b(?:but|then)\b/i).at(-1) ?? "";
  return /\b(?:not|never|without|avoid|nor|cannot|instead of|rather than)\b|n't\b/i.test(part);
}
