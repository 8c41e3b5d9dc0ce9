import type { Finding } from "../finding/finding.ts";
import { identityOf, isSame } from "../finding/identity.ts";
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

/** Holds this review's findings against the memory. A finding that was known keeps the id it had. */
export function compareWithMemory(
  findings: readonly Finding[],
  known: readonly KnownFinding[],
  { covered, renamed }: ReadPaths,
): Comparison {
  const left = new Set(known);
  const now = (path: string) => renamed.get(path) ?? path;
  const compared = findings.map((finding): ComparedFinding => {
    const identity = identityOf(finding, finding.symbol);
    const same = [...left].filter((one) => isSame(identity, one));
    // Of two equal ones, the one in the same file; then an equal quote before one that is merely inside of the other.
    const before =
      same.find((one) => now(one.path) === finding.path && one.code === identity.code) ??
      same.find((one) => now(one.path) === finding.path) ??
      same.find((one) => one.code === identity.code) ??
      null;
    if (before === null) return { ...finding, state: "new", decision: null };
    left.delete(before);
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
