/** From worst to least; a later one never outranks an earlier one. */
export const SEVERITIES = ["blocker", "major", "minor", "nit"] as const;
export type Severity = (typeof SEVERITIES)[number];

export const CATEGORIES = [
  "correctness",
  "security",
  "concurrency",
  "failure",
  "performance",
  "tests",
  "interface",
  "maintainability",
] as const;
type Category = (typeof CATEGORIES)[number];

/** Where the quoted code stands, as the program found it; lines count from 1. */
export type Anchor =
  | {
      readonly type: "exact";
      readonly path: string;
      /** `old`: the code was deleted, and the lines are those of the former version. */
      readonly side: "new" | "old";
      readonly line: number;
      readonly endLine: number;
    }
  /** Several equal places, none of which is nearer to what the reviewer named. */
  | {
      readonly type: "ambiguous";
      readonly path: string;
      readonly side: "new" | "old";
      readonly lines: readonly number[];
    }
  | { readonly type: "unanchored"; readonly reason: string };

/** A finding as its reviewer wrote it. */
export interface ReportedFinding {
  readonly title: string;
  readonly severity: Severity;
  /** 0 to 1. */
  readonly confidence: number;
  readonly category: Category;
  /** What goes wrong, for whom, under which input. */
  readonly scenario: string;
  readonly path: string;
  /** The code it is about, quoted. */
  readonly code: string;
  readonly suggestion: string | null;
}

/** A finding in its place. */
export interface Finding extends ReportedFinding {
  /** Survives moved lines, a renamed file and a reworded title. */
  readonly id: string;
  readonly anchor: Anchor;
  /** The declarations around the place, `User.load`; empty at the top of a file, or without a place. */
  readonly symbol: string;
  /** The place is in lines that the change added or removed. */
  readonly inChange: boolean;
  /** Who reported it: a panel member's focus, or the tool that a merged list came from. */
  readonly voices: readonly string[];
}

/** Whether `severity` is at least as bad as `limit`. */
export function atLeast(severity: Severity, limit: Severity): boolean {
  return SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(limit);
}

/** The worse of two. */
export function worse(one: Severity, other: Severity): Severity {
  return atLeast(one, other) ? one : other;
}
