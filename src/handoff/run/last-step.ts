import { dirname } from "node:path";
import type { LastStep } from "../../ask/model/last-step.ts";
import type { AskOutcome } from "../../ask/model/outcome.ts";
import { asItIs } from "../../ask/run/record.ts";
import { cancelSignalOf, messageOf } from "../../errors.ts";
import type { WorkTree } from "../../workspace/git/find-work-tree.ts";
import type { Head } from "../../workspace/git/read-head.ts";
import type { Contract } from "../document/handoff.ts";
import { isViolation } from "../judge/finding.ts";
import { commitWork, NOTHING_TO_COMMIT } from "./commit-work.ts";
import { CANCELLED, type ContractReviewer, NOT_JUDGED, type ReviewOptions } from "./contract-reviewer.ts";
import { formerRun } from "./former-run.ts";
import { type Guarded, guardedCommit } from "./guarded-commit.ts";
import type { CommitState, Judged, JudgedRun } from "./outcome.ts";
import { renderHandoffReport } from "./report.ts";
import { toHandoffResult } from "./result.ts";
import { type OnViolation, undoViolations } from "./undo-violations.ts";
import { verdictOf } from "./verdict.ts";

export interface Judging {
  readonly contract: Contract;
  readonly reviewer: ContractReviewer;
  readonly tree: WorkTree;
  /** The document's full path. */
  readonly document: string;
  readonly recordsOf: ReviewOptions["recordsOf"];
  /** The state folder, with the ledger. */
  readonly state: string;
  readonly onViolation: OnViolation;
  /** Where HEAD was before the work; null: no commit is asked for. */
  readonly head: Head | null;
  /** The private folder of the run's snapshots, in the run's own. */
  readonly snapshots: string;
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/**
 * What a run under a contract ends with: the judgement, and what follows from it. Each part is in the journal as soon as it is done;
 * report, result and record come after all of it, so that none of them ever says what the judgement overrules.
 */
export function judgeAtLast(judging: Judging): LastStep<JudgedRun> {
  const { contract, reviewer, tree, state, onViolation, snapshots, signal } = judging;
  return {
    async take(run, journal) {
      const seen = await reviewer.judged(run).catch((error) => ({ ...NOT_JUDGED, reason: messageOf(error) }));
      const isIdle = seen.facts?.idle === true && seen.findings.length === 0;
      const last = isIdle ? { ...seen, formerRun: await formerRun(contract, { tree, state, signal }) } : seen;
      journal.append("handoff_judged", countsOf(last));
      const undone = await undoViolations(onViolation, {
        ...{ tree, state, snapshots, folder: dirname(snapshots), judged: withoutMixed(last) },
        taskId: contract.handoff.taskId,
        changes: run.changes,
        cancelled: run.signal !== null || signal.aborted,
      });
      if (undone !== null) journal.append("handoff_undone", { ...undone });
      const { commit, findings } = await commitOf(judging, run, last);
      const judged = { ...last, findings: [...findings, ...last.findings] };
      if (commit.type !== "none") journal.append("handoff_committed", { ...commit });
      return { contract, run, judged, undone, commit, ...endOf(run, judged, commit, signal) };
    },
    early(run) {
      // Whatever is found in the work: only a cancelled run is sure to stay what it is.
      if (run.status !== "cancelled") return null;
      const judged = { ...NOT_JUDGED, reason: CANCELLED };
      return { contract, run, judged, undone: null, commit: NO_COMMIT, ...endOf(run, judged, NO_COMMIT, signal) };
    },
    toRecord(outcome) {
      const { status, signal, verdict, judged, commit } = outcome;
      const { error, outputPath } = outcome.run;
      const facts = { verdict, ...countsOf(judged), commit: commit.type };
      const texts = { report: renderHandoffReport(outcome), result: toHandoffResult(outcome) };
      return { status, signal, error, outputPath, ...texts, facts };
    },
    placed: (outcome, place) => ({ ...outcome, run: { ...outcome.run, ...place } }),
    unwritten(outcome, fault) {
      const notes = [...outcome.notes, `The verdict cannot be written down: ${fault.message}`];
      const failed = { ...outcome, notes, run: asItIs.unwritten(outcome.run, fault) };
      const good = outcome.verdict === "completed" || outcome.verdict === "partial";
      return good ? { ...failed, verdict: "failed", status: "failed" } : failed;
    },
  };
}

/** What someone else has written since Codex did is not taken away from them. */
function withoutMixed(judged: Judged): Judged {
  const mixed = judged.facts?.mixed ?? new Set<string>();
  return { ...judged, findings: judged.findings.filter(({ path }) => path === null || !mixed.has(path)) };
}

/** A commit is made of work that holds, and of nothing else. */
async function commitOf(judging: Judging, run: AskOutcome, judged: Judged): Promise<Guarded> {
  const { contract, tree, document, recordsOf, head, snapshots, env, signal } = judging;
  const { commit: message } = contract.handoff;
  const { verdict } = verdictOf({ run, judged, commit: NO_COMMIT });
  const { changes } = run;
  const { facts, standing } = judged;
  if (head === null || message === null || verdict !== "completed") return UNASKED;
  if (changes.type === "read_only") return { ...UNASKED, commit: NOTHING_TO_COMMIT };
  if (changes.type !== "listed" || facts === null || standing === null) return UNASKED;
  // Not what was ignored until the work changed .gitignore, nor what is not committed in a submodule.
  const files = facts.files.filter(({ ignored, inside }) => !ignored && inside === undefined);
  const request = { head, snapshots, env, folder: dirname(snapshots), signal };
  const place = { tree, snapshots, document, records: recordsOf(run.sessionId ?? ""), signal };
  return guardedCommit(contract, place, standing, () =>
    commitWork(tree, { ...changes, files, trees: facts.trees }, message, request),
  );
}

const NO_COMMIT: CommitState = { type: "none" };
const UNASKED: Guarded = { commit: NO_COMMIT, findings: [] };

function endOf(run: AskOutcome, judged: Judged, commit: CommitState, signal: AbortSignal) {
  const end = verdictOf({ run, judged, commit });
  if (!signal.aborted || run.signal !== null || commit.type === "made") return { ...end, signal: run.signal };
  // Told to end when Codex was through, and we were not.
  const cancelled = { verdict: "failed", status: "cancelled", signal: cancelSignalOf(signal.reason) } as const;
  return { ...end, ...cancelled };
}

function countsOf({ findings }: Judged) {
  const violations = findings.filter(isViolation).length;
  return { violations, failures: findings.length - violations };
}
