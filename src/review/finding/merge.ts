import { type Finding, worse } from "./finding.ts";
import { identityOf, isSame } from "./identity.ts";

/**
 * Makes one list of several: findings of the same category at the same place become one, with everybody who saw it. The worst
 * severity and the first words stand; a finding that a single voice reported is kept.
 */
export function mergeFindings(lists: readonly (readonly Finding[])[]): readonly Finding[] {
  const merged: Finding[] = [];
  for (const finding of lists.flat()) {
    const at = merged.findIndex((known) => isOneFault(known, finding));
    const known = merged[at];
    if (known === undefined) merged.push(finding);
    else merged[at] = together(known, finding);
  }
  return merged;
}

function together(one: Finding, other: Finding): Finding {
  // A finding with a place explains more.
  const [first, second] = one.anchor.type === "unanchored" ? [other, one] : [one, other];
  return {
    ...first,
    severity: worse(one.severity, other.severity),
    confidence: Math.max(one.confidence, other.confidence),
    suggestion: first.suggestion ?? second.suggestion,
    voices: [...new Set([...one.voices, ...other.voices])],
  };
}

function isOneFault(one: Finding, other: Finding): boolean {
  const places = overlap(one, other);
  if (places !== null) return places && one.category === other.category;
  return one.path === other.path && isSame(identityOf(one, one.symbol), identityOf(other, other.symbol));
}

/** Null: not both of them have one place. */
function overlap({ anchor: one }: Finding, { anchor: other }: Finding): boolean | null {
  if (one.type !== "exact" || other.type !== "exact") return null;
  const samePlace = one.path === other.path && one.side === other.side;
  return samePlace && one.line <= other.endLine && other.line <= one.endLine;
}
