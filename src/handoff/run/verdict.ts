import type { AskOutcome } from "../../ask/model/outcome.ts";
import type { Status } from "../../errors.ts";
import { isViolation } from "../judge/finding.ts";
import type { CommitState, Judged, LastWord, Verdict } from "./outcome.ts";

export interface HandoffEnding {
  readonly verdict: Verdict;
  /** What the exit code is made from, together with the run's own signal. */
  readonly status: Status;
  /** Sentences for the reader of the verdict. */
  readonly notes: readonly string[];
}

/** What work under a contract is in the end. The evidence decides; what Codex says of itself only where the evidence has nothing against it. */
export function verdictOf(end: {
  /** Null: work that was there already was judged. */
  readonly run: AskOutcome | null;
  readonly judged: Judged;
  readonly commit: CommitState;
}): HandoffEnding {
  return { ...decide(end), notes: notesOn(end.run, end.judged, end.commit) };
}

function decide({ run, judged, commit }: Parameters<typeof verdictOf>[0]): Omit<HandoffEnding, "notes"> {
  // What was found by then is reported; the rest was not judged.
  if (run?.status === "cancelled") return { verdict: "failed", status: run.status };
  if (judged.findings.some(isViolation)) return { verdict: "violated", status: "contract_violation" };
  if (run !== null && !ANSWERED.has(run.status)) return { verdict: "failed", status: run.status };
  if (run?.status === "pending_question" || judged.said?.word === "BLOCKED" || asksInstead(run, judged))
    return { verdict: "blocked", status: "pending_question" };
  if (judged.facts === null) return { verdict: "failed", status: "failed" };
  if (judged.findings.length > 0) return { verdict: "failed", status: "validation_failed" };
  // A check of the run itself, such as the shape of the answer.
  if (run?.status === "validation_failed") return { verdict: "failed", status: run.status };
  if (judged.said?.word === "PARTIAL" || NOT_MADE.has(commit.type)) return { verdict: "partial", status: "partial" };
  if (judged.formerRun !== null) return { verdict: "already_done", status: "completed" };
  if (judged.facts.idle || lacksCommit(commit)) return { verdict: "no_change", status: "no_change" };
  // An executor that was asked for its closing word, twice where there was a round left, and gives none, may have done only a part.
  if (run !== null && judged.said === null) return { verdict: "partial", status: "partial" };
  return { verdict: "completed", status: "completed" };
}

/** Asked for, and nothing was there to be committed. */
function lacksCommit(commit: CommitState): boolean {
  return commit.type === "none" && commit.reason !== undefined;
}

/** An answer that ends in a question, and in none of the three words, is not through. */
function asksInstead(run: AskOutcome | null, { said }: Judged): boolean {
  return said === null && run !== null && run.questions.length > 0;
}

/** With these Codex came to an end of its own. */
const ANSWERED: ReadonlySet<Status> = new Set(["completed", "validation_failed", "pending_question", "partial"]);

/** Asked for, and not there. */
const NOT_MADE: ReadonlySet<CommitState["type"]> = new Set(["skipped", "failed"]);

/** What the review of finished work came to, where one was asked for. */
function reviewNotes(run: AskOutcome | null): readonly string[] {
  const reviews = (run?.checks ?? []).filter(({ type }) => type === "review");
  return reviews.map(({ passed, detail }) => `Review: ${passed ? "passed" : "not passed"}, ${detail}`);
}

function notesOn(run: AskOutcome | null, judged: Judged, commit: CommitState): string[] {
  const { said, findings, reason, facts } = judged;
  const violated = findings.some(isViolation);
  return [
    ...(run === null || said !== null || !ANSWERED.has(run.status) ? [] : [NO_WORD]),
    ...(said === null ? [] : [saying(said)]),
    ...(said?.word === "DONE" && findings.length > 0
      ? [`The evidence says otherwise: ${violated ? "the contract was broken" : "not all that was asked for holds"}.`]
      : []),
    ...(said !== null && said.word !== "DONE" && violated
      ? ["Beside that the contract was broken, which counts more."]
      : []),
    ...(reason === null ? [] : [`The work could not be judged: ${reason}`]),
    ...idleNotes(judged),
    ...(facts?.remarks ?? []),
    ...reviewNotes(run),
    ...commitNotes(commit),
  ];
}

/** An unchanged tree is reported in any case: commands that succeed afterwards succeeded before as well. */
function idleNotes({ facts, formerRun }: Judged): string[] {
  if (facts?.idle !== true) return [];
  if (formerRun !== null)
    return [`Nothing changed, and nothing had to: this document was carried out before (${formerRun}).`];
  const passed = facts.validation.some((one) => one.passed);
  return [`Nothing changed${passed ? "; the commands that succeed now succeeded before as well" : ""}.`];
}

function commitNotes(commit: CommitState): string[] {
  if (commit.type === "none") return commit.reason === undefined ? [] : [`No commit was made: ${commit.reason}.`];
  if (commit.type !== "made") return [`The commit was not made: ${commit.reason}`];
  const { unjudged, stale } = commit;
  return [
    ...(unjudged.length === 0
      ? []
      : [`A hook changed what was committed; these files were not judged as they are in it: ${unjudged.join(", ")}`]),
    ...(stale === null
      ? []
      : [`Your index does not have the commit's files yet, \`git reset -- FILE\` brings them: ${stale}`]),
  ];
}

const NO_WORD = "Codex did not close with DONE, BLOCKED or PARTIAL: whether something remains is not known.";

function saying({ word, text }: LastWord): string {
  return text === "" ? `Codex says: ${word}.` : `Codex says: ${word}: ${text}`;
}
