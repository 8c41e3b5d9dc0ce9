import { atLeast, type Finding, type Severity } from "../finding/finding.ts";
import type { FileCoverage } from "./coverage.ts";

export const VERDICTS = ["clean", "findings", "incomplete", "not_reviewed", "nothing"] as const;
export type ReviewVerdict = (typeof VERDICTS)[number];

/** A finding with what was learned about it. */
export interface JudgedFinding extends Finding {
  readonly refutation: Refutation | null;
  readonly proof: Proof | null;
  readonly state: FindingState;
  readonly decision: Decision | null;
}

export interface Refutation {
  readonly answer: "confirmed" | "plausible" | "refuted";
  readonly why: string;
  /** What makes it impossible, quoted and found; null: nothing was, and the answer is not `refuted`. */
  readonly quote: string | null;
  readonly place: string | null;
}

export interface Proof {
  readonly result: "proved" | "pre_existing" | "not_reproduced";
  /** Null: none was found. */
  readonly command: string | null;
  /** The path of a patch that adds the tests; null: there are none. */
  readonly patch: string | null;
  /** The path of what the command printed, each time that it ran; null: it did not run. */
  readonly log: string | null;
  readonly detail: string;
}

export type FindingState = "new" | "persisting" | "reopened";

export const RESOLUTIONS = ["fixed", "refused", "accepted_risk", "duplicate", "deferred"] as const;
type Resolution = (typeof RESOLUTIONS)[number];

/** What a person decided about a finding. It holds until the code at its place changes. */
export interface Decision {
  readonly resolution: Resolution;
  readonly why: string;
  /** ISO 8601 in UTC. */
  readonly at: string;
}

export interface VerdictFacts {
  readonly coverage: readonly FileCoverage[];
  /** How many turns gave an answer that could be read. */
  readonly answered: number;
  readonly findings: readonly JudgedFinding[];
  /** Why turns that were planned did not run, the one that refutes included; null: all did. */
  readonly cutShort: string | null;
}

/** The verdict, from what was proved: `clean` needs an explicit answer, every changed file covered, and every planned turn taken. */
export function verdictOf({ coverage, answered, findings, cutShort }: VerdictFacts): ReviewVerdict {
  if (coverage.length === 0) return "nothing";
  if (answered === 0) return "not_reviewed";
  if (cutShort !== null || coverage.some(({ status }) => status === "not_reviewed")) return "incomplete";
  return findings.some(isOpen) ? "findings" : "clean";
}

/** Whether it still needs someone's attention: neither refuted nor decided. */
export function isOpen({ refutation, decision }: JudgedFinding): boolean {
  return refutation?.answer !== "refuted" && decision === null;
}

/** The findings that the gate closes for: open, in a place of the code, and at least that bad. */
export function blockingOf(findings: readonly JudgedFinding[], failOn: Severity | null): readonly JudgedFinding[] {
  if (failOn === null) return [];
  return findings.filter(
    (finding) => isOpen(finding) && finding.anchor.type !== "unanchored" && atLeast(finding.severity, failOn),
  );
}
