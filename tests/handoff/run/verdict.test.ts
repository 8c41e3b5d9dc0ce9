import { expect, test } from "vitest";
import type { Status } from "../../../src/errors.ts";
import type { Finding } from "../../../src/handoff/judge/finding.ts";
import type { CommitState, Judged, LastWord } from "../../../src/handoff/run/outcome.ts";
import { verdictOf } from "../../../src/handoff/run/verdict.ts";
import { facts } from "../../support/samples/handoff.ts";
import { outcome } from "../../support/samples/outcome.ts";

const violation: Finding = { rule: "scope", path: "a", line: null, message: "a was changed." };
const failure: Finding = { rule: "validation", path: null, line: null, message: "`npm test` failed." };
const none: CommitState = { type: "none" };

interface Case {
  readonly name: string;
  readonly status?: Status;
  readonly findings?: readonly Finding[];
  readonly said?: LastWord["word"] | null;
  readonly commit?: CommitState;
  readonly judged?: boolean;
  readonly idle?: boolean;
  readonly formerRun?: string;
  readonly verdict: string;
}

test.each<Case>([
  { name: "all holds", verdict: "completed completed" },
  { name: "all holds, and Codex does not say that this is all", said: null, verdict: "partial partial" },
  { name: "nothing changed, and Codex says nothing", idle: true, said: null, verdict: "no_change no_change" },
  { name: "failures are left", status: "validation_failed", findings: [failure], verdict: "failed validation_failed" },
  {
    name: "DONE does not count against failures",
    findings: [failure],
    said: "DONE",
    verdict: "failed validation_failed",
  },
  {
    name: "PARTIAL does not count against failures",
    findings: [failure],
    said: "PARTIAL",
    verdict: "failed validation_failed",
  },
  { name: "a violation outranks a failure", findings: [failure, violation], verdict: "violated contract_violation" },
  {
    name: "a violation outranks a block",
    findings: [violation],
    said: "BLOCKED",
    verdict: "violated contract_violation",
  },
  {
    name: "a violation outranks a time-out",
    status: "timeout",
    findings: [violation],
    verdict: "violated contract_violation",
  },
  {
    name: "a violation outranks a question",
    status: "pending_question",
    findings: [violation],
    verdict: "violated contract_violation",
  },
  { name: "a time-out stays one", status: "timeout", judged: false, verdict: "failed timeout" },
  { name: "no login stays fatal", status: "fatal", judged: false, verdict: "failed fatal" },
  { name: "a cancelled run stays cancelled", status: "cancelled", judged: false, verdict: "failed cancelled" },
  {
    name: "a cancelled run stays cancelled, whatever was found by then",
    status: "cancelled",
    findings: [violation],
    verdict: "failed cancelled",
  },
  {
    name: "a time-out with failures stays a time-out",
    status: "timeout",
    findings: [failure],
    verdict: "failed timeout",
  },
  {
    name: "a question blocks",
    status: "pending_question",
    judged: false,
    said: null,
    verdict: "blocked pending_question",
  },
  {
    name: "BLOCKED blocks, whatever else is missing",
    status: "validation_failed",
    findings: [failure],
    said: "BLOCKED",
    verdict: "blocked pending_question",
  },
  { name: "PARTIAL is partial", said: "PARTIAL", verdict: "partial partial" },
  {
    name: "a commit that was not made is partial",
    commit: { type: "skipped", reason: "dirty" },
    verdict: "partial partial",
  },
  { name: "a commit that failed is partial", commit: { type: "failed", reason: "hook" }, verdict: "partial partial" },
  {
    name: "a commit that was made completes",
    commit: { type: "made", id: "1", files: [], unjudged: [], stale: null },
    verdict: "completed completed",
  },
  { name: "nothing changed", idle: true, verdict: "no_change no_change" },
  { name: "nothing changed, and Codex says so", idle: true, said: "PARTIAL", verdict: "partial partial" },
  { name: "nothing changed, and nothing holds", idle: true, findings: [failure], verdict: "failed validation_failed" },
  { name: "nothing had to change", idle: true, formerRun: "run 1", verdict: "already_done completed" },
  {
    name: "there was nothing to commit",
    commit: { type: "none", reason: "there was nothing to commit" },
    verdict: "no_change no_change",
  },
  { name: "work that nobody could look at has failed", judged: false, verdict: "failed failed" },
  { name: "an answer in the wrong shape has failed", status: "validation_failed", verdict: "failed validation_failed" },
])(
  "$name: $verdict",
  ({
    status = "completed",
    findings = [],
    said = "DONE",
    commit = none,
    judged = true,
    idle = false,
    formerRun = null,
    verdict,
  }) => {
    const work: Judged = {
      facts: judged ? facts({ idle }) : null,
      reason: judged ? null : "nobody looked",
      findings,
      said: said === null ? null : { word: said, text: "" },
      ignoredTrees: null,
      standing: null,
      formerRun,
    };
    const end = verdictOf({ run: outcome({ status }), judged: work, commit });
    expect(`${end.verdict} ${end.status}`).toBe(verdict);
  },
);

test("work without a run is judged by its evidence alone", () => {
  const judged: Judged = {
    facts: facts(),
    reason: null,
    findings: [],
    said: null,
    ignoredTrees: null,
    standing: null,
    formerRun: null,
  };
  expect(verdictOf({ run: null, judged, commit: none })).toEqual({
    verdict: "completed",
    status: "completed",
    notes: [],
  });
});

test("the notes tell what Codex said, and what the evidence says against it", () => {
  const judged: Judged = {
    facts: facts(),
    reason: null,
    findings: [failure],
    said: { word: "DONE", text: "" },
    ignoredTrees: null,
    standing: null,
    formerRun: null,
  };
  const { notes } = verdictOf({ run: outcome(), judged, commit: none });
  expect(notes).toEqual(["Codex says: DONE.", "The evidence says otherwise: not all that was asked for holds."]);
  const silent = verdictOf({ run: outcome(), judged: { ...judged, said: null, findings: [] }, commit: none });
  expect(silent.notes).toEqual([
    "Codex did not close with DONE, BLOCKED or PARTIAL: whether something remains is not known.",
  ]);
  const blocked = { ...judged, findings: [violation], said: { word: "BLOCKED", text: "no key" } as const };
  expect(verdictOf({ run: outcome(), judged: blocked, commit: { type: "skipped", reason: "dirty" } }).notes).toEqual([
    "Codex says: BLOCKED: no key",
    "Beside that the contract was broken, which counts more.",
    "The commit was not made: dirty",
  ]);
});

test("what nobody judged in a commit is told, and an index that does not have it", () => {
  const judged: Judged = {
    facts: facts(),
    reason: null,
    findings: [],
    said: null,
    ignoredTrees: null,
    standing: null,
    formerRun: null,
  };
  const made = { type: "made", id: "1", files: ["a", "b"] } as const;
  const notes = (commit: CommitState) => verdictOf({ run: null, judged, commit }).notes;
  expect(notes({ ...made, unjudged: ["a", "b"], stale: "index.lock" })).toEqual([
    "A hook changed what was committed; these files were not judged as they are in it: a, b",
    "Your index does not have the commit's files yet, `git reset -- FILE` brings them: index.lock",
  ]);
  expect(notes({ ...made, unjudged: [], stale: null })).toEqual([]);
});
