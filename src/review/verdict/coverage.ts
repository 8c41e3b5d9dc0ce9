import type { ReviewerAnswer } from "../answer/reviewer-answer.ts";

/** What became of one changed file. */
export interface FileCoverage {
  readonly path: string;
  readonly status: "reviewed" | "not_reviewed";
  /** Why not; null when it was reviewed. */
  readonly reason: string | null;
}

/** One turn's share of the change, and what it said of it; null: nothing that can be used. */
export interface CoveredShare {
  readonly paths: readonly string[];
  readonly answer: Pick<ReviewerAnswer, "files"> | null;
  /** Why there is no answer. */
  readonly reason: string | null;
}

/**
 * Holds what reviewers say they have read against the files that did change. A file counts as reviewed when every turn that was given it
 * says so, once, and without contradicting itself.
 */
export function coverageOf(changed: readonly string[], shares: readonly CoveredShare[]): readonly FileCoverage[] {
  return changed.map((path) => {
    const given = shares.filter(({ paths }) => paths.includes(path));
    const faults = given.flatMap((share) => faultOf(path, share) ?? []);
    const reason = given.length === 0 ? "no turn was left for it" : (faults[0] ?? null);
    return { path, status: reason === null ? "reviewed" : "not_reviewed", reason };
  });
}

function faultOf(path: string, { answer, reason }: CoveredShare): string | null {
  if (answer === null) return reason ?? "its reviewer gave no answer";
  const said = answer.files.filter((file) => isPath(file.path, path));
  if (said.length === 0) return "its reviewer does not mention it";
  const not = said.find(({ status }) => status === "not_reviewed");
  return not === undefined ? null : not.reason || "its reviewer left it out";
}

function isPath(said: string, path: string): boolean {
  const plain = said.trim().replace(/^\.\//, "");
  return plain === path;
}
