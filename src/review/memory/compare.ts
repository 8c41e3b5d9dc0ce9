import type { Finding } from "../finding/finding.ts";
import { freeId, identityOf, isSame } from "../finding/identity.ts";
import type { Decision, FindingState } from "../verdict/verdict.ts";
import type { KnownFinding } from "./known-finding.ts";

/** A finding beside what was known of it. */
interface ComparedFinding extends Finding {
  readonly state: FindingState;
  readonly decision: Decision | null;
}

/** A known finding that this review did not report. */
export interface MissingFinding extends KnownFinding {
  /** `resolved` only where its file was read again; else nothing is known of it. */
  readonly now: "resolved" | "unknown";
}

export interface Comparison {
  readonly findings: readonly ComparedFinding[];
  readonly missing: readonly MissingFinding[];
}

/** Which paths a review has read, and which files got a new name in it. */
export interface ReadPaths {
  readonly covered: ReadonlySet<string>;
  /** Present names by former ones. */
  readonly renamed: ReadonlyMap<string, string>;
}

/** Holds this review's findings against the memory. A finding that was known keeps the id it had; no two have the same. */
export function compareWithMemory(
  findings: readonly Finding[],
  known: readonly KnownFinding[],
  { covered, renamed }: ReadPaths,
): Comparison {
  const now = (path: string) => renamed.get(path) ?? path;
  const { pairs, left } = paired(findings, known, now);
  const taken = new Set(known.map(({ id }) => id));
  const compared = findings.map((finding): ComparedFinding => {
    const before = pairs.get(finding) ?? null;
    if (before === null) {
      const id = freeId(identityOf(finding, finding.symbol), finding.path, taken);
      taken.add(id);
      return { ...finding, id, state: "new", decision: null };
    }
    const fixed = before.decision?.resolution === "fixed";
    const decision = fixed ? null : before.decision;
    return { ...finding, id: before.id, state: before.open && !fixed ? "persisting" : "reopened", decision };
  });
  const missing = [...left]
    .filter(({ open }) => open)
    .map((one): MissingFinding => {
      return { ...one, now: covered.has(now(one.path)) ? "resolved" : "unknown" };
    });
  return { findings: compared, missing };
}

/** Which known finding each of these is, the closest pairs first: an equal one in another file must not take what lies in its own. */
function paired(findings: readonly Finding[], known: readonly KnownFinding[], now: (path: string) => string) {
  const left = new Set(known);
  const pairs = new Map<Finding, KnownFinding>();
  const identities = findings.map((finding) => ({ finding, identity: identityOf(finding, finding.symbol) }));
  for (const [samePlace, sameCode] of CLOSENESS) {
    for (const { finding, identity } of identities) {
      if (pairs.has(finding)) continue;
      const found = [...left].find(
        (one) =>
          isSame(identity, one) &&
          (!samePlace || now(one.path) === finding.path) &&
          (!sameCode || one.code === identity.code),
      );
      if (found === undefined) continue;
      pairs.set(finding, found);
      left.delete(found);
    }
  }
  return { pairs, left };
}

/** In the same file, with an equal quote. A quote that is merely inside of another counts in the same file only. */
const CLOSENESS = [
  [true, true],
  [true, false],
  [false, true],
] as const;
