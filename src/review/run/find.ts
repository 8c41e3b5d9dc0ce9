import type { ReviewerAnswer } from "../answer/reviewer-answer.ts";
import { REVIEWER_SCHEMA, readReviewerAnswer } from "../answer/reviewer-answer.ts";
import { atLeast, type Finding } from "../finding/finding.ts";
import { mergeFindings } from "../finding/merge.ts";
import { placeOthers } from "../finding/others.ts";
import { placeFinding } from "../finding/place-finding.ts";
import type { KnownFinding } from "../memory/known-finding.ts";
import type { NamedDocument } from "../target/base-documents.ts";
import { readFiles } from "../target/file-lookup.ts";
import type { Target } from "../target/target.ts";
import type { TurnPlan } from "../turn/counted-turns.ts";
import { reviewerPrompt } from "../turn/prompts.ts";
import { type CoveredShare, coverageOf, type FileCoverage } from "../verdict/coverage.ts";
import type { ReviewRequest } from "./request.ts";
import type { TurnTaker } from "./turn-taker.ts";

/** What the reviewers together have read and found. */
export interface Found {
  readonly coverage: readonly FileCoverage[];
  readonly findings: readonly Finding[];
  /** Turns with an answer that could be used. */
  readonly answered: number;
}

export interface Reading {
  readonly target: Target;
  readonly turns: TurnPlan;
  readonly documents: readonly NamedDocument[];
  readonly decided: readonly KnownFinding[];
}

// As many reviewers at once: more only run into the provider's limits.
const AT_ONCE = 3;

/** Lets every reviewer read its share, and puts what they found into its place. */
export async function findFaults(
  { target, turns, documents, decided }: Reading,
  { focus: ask, adversarial, others, minSeverity }: ReviewRequest,
  taker: TurnTaker,
): Promise<Found> {
  const waiting = [...turns.reviewers];
  const shares: (CoveredShare & { readonly voice: string; readonly found: ReviewerAnswer["findings"] })[] = [];
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const { bundle, focus } = next;
      const { files } = bundle;
      const paths = files.map(({ path }) => path);
      const inShare = decided.filter(({ path }) => paths.includes(path));
      const prompt = reviewerPrompt({ target, files, focus, ask, adversarial, documents, decided: inShare });
      const turn = { prompt, schema: REVIEWER_SCHEMA, read: readReviewerAnswer };
      const end = await taker.take(turn, { kind: "review", focus, files: files.length });
      const reason = end === null ? taker.cutShort() : end.reason;
      const answer = end?.answer ?? null;
      shares.push({ paths, answer, reason, voice: focus ?? "codex", found: answer?.findings ?? [] });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  const lookUp = await readFiles(
    target,
    [...shares.flatMap(({ found }) => found), ...others].map(({ path }) => path),
  );
  const placed = shares.map(({ voice, found }) => found.map((finding) => placeFinding(finding, voice, lookUp)));
  return {
    coverage: coverageOf(
      target.files.map(({ path }) => path),
      shares,
    ),
    findings: mergeFindings([...placed, placeOthers(others, "merged", lookUp)]).filter(
      ({ severity }) => minSeverity === null || atLeast(severity, minSeverity),
    ),
    answered: shares.filter(({ answer }) => answer !== null).length,
  };
}
