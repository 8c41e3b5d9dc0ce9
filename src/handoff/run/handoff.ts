import { rm } from "node:fs/promises";
import { dirname } from "node:path";
import type { AskContext } from "../../ask/model/context.ts";
import type { AskOutcome } from "../../ask/model/outcome.ts";
import type { AskPlan } from "../../ask/model/plan.ts";
import { runTask } from "../../ask/run/task.ts";
import { cancelSignalOf } from "../../errors.ts";
import { runPaths } from "../../files/state-paths.ts";
import type { WorkTree } from "../../workspace/git/find-work-tree.ts";
import { readHead } from "../../workspace/git/read-head.ts";
import type { Contract } from "../document/handoff.ts";
import { commitWork } from "./commit-work.ts";
import { contractReviewer } from "./contract-reviewer.ts";
import type { CommitState, HandoffOutcome, Judged } from "./outcome.ts";
import { recordHandoff } from "./record-handoff.ts";
import { type OnViolation, undoViolations } from "./undo-violations.ts";
import { verdictOf } from "./verdict.ts";

export interface HandoffRun {
  readonly contract: Contract;
  /** The prompt is the contract's, `workspace` the root of the work tree. */
  readonly plan: AskPlan;
  readonly tree: WorkTree;
  /** The document's full path. */
  readonly document: string;
  readonly onViolation: OnViolation;
}

/**
 * Lets Codex work by a contract and judges the work after each turn; then undoes what broke the contract, if that is wanted, or commits
 * what holds. What Codex says counts for nothing against the evidence.
 * @throws AskCodexError like runTask
 */
export async function runHandoff(handoff: HandoffRun, context: AskContext): Promise<HandoffOutcome> {
  const { contract, tree } = handoff;
  // Kept until all is judged: contents, patches and what is to be put back come from there.
  const snapshots = runPaths(context.home, context.runId).snapshot;
  const { document, onViolation } = handoff;
  // Codex that moves it breaks the contract; from the look to the commit nobody may.
  const head = contract.handoff.commit === null ? null : await readHead(tree);
  const reviewer = contractReviewer(contract, { tree, snapshots, document, checking: context.progress.checking });
  try {
    const run = await runTask(handoff.plan, { ...context, snapshots, reviewer });
    const judged = await reviewer.judged(run);
    const folder = dirname(snapshots);
    const undone = await undoViolations(onViolation, {
      ...{ tree, snapshots, folder, judged },
      taskId: contract.handoff.taskId,
      changes: run.changes,
      cancelled: run.signal !== null || context.signal.aborted,
    });
    const { env, signal } = context;
    const commit =
      head === null ? NO_COMMIT : await commitOf(handoff, run, judged, { head, snapshots, env, folder, signal });
    const outcome = { contract, run, judged, undone, commit, ...endOf(run, judged, commit, context.signal) };
    return await recordHandoff(outcome, run, context, tree.root);
  } finally {
    await rm(snapshots, { recursive: true, force: true });
  }
}

/** A commit is made of work that holds, and of nothing else. */
async function commitOf(
  { contract, tree }: HandoffRun,
  run: AskOutcome,
  judged: Judged,
  place: Parameters<typeof commitWork>[3],
): Promise<CommitState> {
  const { commit: message } = contract.handoff;
  const { verdict } = verdictOf({ run, judged, commit: NO_COMMIT });
  const { changes } = run;
  const { facts } = judged;
  if (message === null || verdict !== "completed" || changes.type !== "listed" || facts === null) return NO_COMMIT;
  // Not what was ignored until the work changed .gitignore, nor what is not committed in a submodule.
  const files = facts.files.filter(({ ignored, inside }) => !ignored && inside === undefined);
  return commitWork(tree, { ...changes, files }, message, place);
}

const NO_COMMIT: CommitState = { type: "none" };

function endOf(run: AskOutcome, judged: Judged, commit: CommitState, signal: AbortSignal) {
  const end = verdictOf({ run, judged, commit });
  if (!signal.aborted || run.signal !== null || commit.type === "made") return { ...end, signal: run.signal };
  // Told to end when Codex was through, and we were not.
  const cancelled = { verdict: "failed", status: "cancelled", signal: cancelSignalOf(signal.reason) } as const;
  return { ...end, ...cancelled };
}
