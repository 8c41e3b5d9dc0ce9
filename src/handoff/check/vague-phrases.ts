import { escapeRegExp } from "../../text/escape.ts";
/** A phrase that leaves open what must be done, and where in the text it begins. */
export interface VaguePhrase {
  /** As it was written. */
  readonly phrase: string;
  readonly at: number;
}

/**
 * Where a text uses one of the phrases. What is code or quoted, what the sentence rules out ("do not clean up"), and what is a noun
 * there ("the clean up of expired sessions") does not count.
 */
export function vaguePhrases(text: string, phrases: readonly string[]): readonly VaguePhrase[] {
  const prose = withoutCode(text).replaceAll("’", "'");
  const found: VaguePhrase[] = [];
  // A longer phrase may hold a shorter one: it is reported once.
  for (const phrase of [...phrases].sort((one, other) => other.length - one.length)) {
    for (const { 0: match, index } of prose.matchAll(asWords(phrase))) {
      const within = found.some(({ at, phrase: longer }) => index >= at && index < at + longer.length);
      const [before, after] = [prose.slice(0, index), prose.slice(index + match.length)];
      if (!within && !isRuledOut(before) && !isNoun(match, before, after))
        found.push({ phrase: match.replace(/\s+/g, " "), at: index });
    }
  }
  return found.sort((one, other) => one.at - other.at);
}

/** Whether a text holds a phrase and, except for where to do it, nothing that anyone could do. */
export function saysNothingElse(text: string, phrases: readonly string[]): boolean {
  const found = vaguePhrases(text, phrases);
  if (found.length === 0) return false;
  const rest = found.reduceRight((left, { phrase, at }) => left.slice(0, at) + left.slice(at + phrase.length), text);
  // A file says where, other code says what.
  const code = [...rest.matchAll(/`([^`]+)`/g)].some(([, inner = ""]) => !/[/.]\w+$/.test(inner));
  const words = rest.replace(/`[^`]*`/g, " ").replace(/[^\s,;]*[/.][\w*]+[^\s,;]*/g, " ");
  return !code && (words.match(/[\p{L}\p{N}]+/gu) ?? []).every((word) => OPEN_WORDS.has(word.toLowerCase()));
}

/** Words that name no action, or nothing that the action is about. */
const OPEN_WORDS = new Set(
  `a an and as at be best better but by can code do everything file files fix for from good here i if improve in into it its just
  make module more nice nicer of on or our please polish project refactor rest should simplify so stuff that the their then there
  these thing things this those tidy to up update we whatever where which with you your all also any whole folder modernise modernize
  optimise optimize rework change changes etc properly quality old looks look package codebase repository source sources
  modules class function component`.split(/\s+/),
);

/** Code and quotations become blanks: what stands after them keeps its place. */
function withoutCode(text: string): string {
  const blank = (code: string) => code.replace(/[^\n]/g, " ");
  return text
    .replace(/^(`{3,}|~{3,})[\s\S]*?^\1/gm, blank)
    .replace(/(`+)(?!`)[\s\S]*?[^`]\1(?!`)/g, blank)
    .replace(/"[^"\n]*"|“[^”\n]*”|«[^»\n]*»|„[^“”\n]*[“”]/g, blank);
}

const compiled = new Map<string, RegExp>();

/** Each request of an orchestration is held against the same phrases. */
function asWords(phrase: string): RegExp {
  const known = compiled.get(phrase) ?? compile(phrase);
  compiled.set(phrase, known);
  return known;
}

function compile(phrase: string): RegExp {
  const words = phrase.trim().replaceAll("’", "'").split(/\s+/);
  const escaped = words.map(escapeRegExp);
  const [before, after] = [/^[\p{L}\p{N}_]/u, /[\p{L}\p{N}_]$/u].map((edge) => edge.test(phrase.trim()));
  const start = before ? "(?<![\\p{L}\\p{N}_])" : "";
  return new RegExp(`${start}${escaped.join("\\s+")}${after ? "(?![\\p{L}\\p{N}_])" : ""}`, "giu");
}

/** Phrases that name a thing as well as a deed are taken for the thing behind an article, and before what only things have. */
function isNoun(phrase: string, before: string, after: string): boolean {
  if (!/^clean\s+up$/i.test(phrase)) return false;
  return (
    ARTICLE.test(before) ||
    /^\s+(?:of|job|button|task|step|handler|hook|routine|script|phase|is|was|runs|happens)\b/i.test(after)
  );
}

const ARTICLE =
  /\b(?:the|an?|this|that|each|every|its|their|our|your|no|any|another|one|first|last|old|new|daily|nightly|periodic|did|does|some)\s+(?:\w+\s+)?$/i;

/** The same part of the sentence says no before. */
function isRuledOut(before: string): boolean {
  const part = before.split(/[.;:!?]\s|\n\s*\n|\b(?:but|then)\b/i).at(-1) ?? "";
  return /\b(?:not|never|without|avoid|nor|cannot|instead of|rather than)\b|n't\b/i.test(part);
}
