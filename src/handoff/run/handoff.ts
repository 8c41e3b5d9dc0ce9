import { rm } from "node:fs/promises";
import type { AskContext, Progress } from "../../ask/model/context.ts";
import type { AskPlan } from "../../ask/model/plan.ts";
import { recordPath } from "../../ask/model/thread-record.ts";
import { countRun } from "../../ask/report/ledger-entry.ts";
import { runToLastStep } from "../../ask/run/task.ts";
import { type CodexDeeds, collectDeeds } from "../../codex/turn/collect-deeds.ts";
import { runPaths } from "../../files/state-paths.ts";
import { ledgerPath } from "../../ledger/ledger.ts";
import type { WorkTree } from "../../workspace/git/find-work-tree.ts";
import { readHead } from "../../workspace/git/read-head.ts";
import type { Contract } from "../document/handoff.ts";
import { isViolation, rulesOf } from "../judge/finding.ts";
import { contractReviewer } from "./contract-reviewer.ts";
import { documentMark } from "./former-run.ts";
import { judgeAtLast } from "./last-step.ts";
import type { JudgedRun } from "./outcome.ts";
import type { OnViolation } from "./undo-violations.ts";

export interface HandoffRun {
  readonly contract: Contract;
  /** The prompt is the contract's, `workspace` the root of the work tree. */
  readonly plan: AskPlan;
  readonly tree: WorkTree;
  /** The document's full path. */
  readonly document: string;
  readonly onViolation: OnViolation;
  /** The batch that it is a task of, and the user's own work tree. */
  readonly batch?: { readonly id: string; readonly root: string };
}

/**
 * Lets Codex work by a contract and judges the work after each turn; then undoes what broke the contract, if that is wanted, or commits
 * what holds; writes down the verdict, and counts it. What Codex says counts for nothing against the evidence.
 * @throws AskCodexError like runTask
 */
export async function runHandoff(handoff: HandoffRun, context: AskContext): Promise<JudgedRun> {
  const { contract, tree, plan, document, onViolation } = handoff;
  const { env, signal } = context;
  // Kept until all is judged: contents, patches and what must be put back come from there.
  const snapshots = runPaths(context.home, context.runId).snapshot;
  // Codex that moves it breaks the contract; from the look to the commit no process may.
  const head = contract.handoff.commit === null ? null : await readHead(tree);
  const { events } = runPaths(context.home, context.runId);
  const recordsOf = (threadId: string) => [events, ledgerPath(context.state), recordPath(context.state, threadId)];
  const since = Date.now();
  const deeds = collectDeeds(tree.root);
  const progress = heardBy(deeds, context.progress);
  const { checking } = progress;
  const known = isConfined(plan);
  const reviewer = contractReviewer(contract, {
    ...{ tree, snapshots, document, checking, recordsOf },
    deeds: () => (known ? { deeds: deeds.all(), since } : null),
  });
  const step = judgeAtLast({
    contract,
    reviewer,
    tree,
    document,
    recordsOf,
    state: context.state,
    onViolation,
    head,
    snapshots,
    env,
    signal,
  });
  try {
    return await counted(await runToLastStep(plan, { ...context, progress, snapshots, reviewer }, step), context, {
      project: handoff.batch?.root ?? tree.root,
      batch: handoff.batch?.id,
    });
  } finally {
    await rm(snapshots, { recursive: true, force: true });
  }
}

/** Whether nothing that Codex starts outlives its command, so that what was written at other times is not its work. */
function isConfined({ sandbox, approvals }: AskPlan): boolean {
  return approvals === "never" && sandbox.mode !== "danger-full-access";
}

function heardBy(deeds: CodexDeeds, progress: Progress): Progress {
  return {
    event(event, turn) {
      deeds.take(event);
      progress.event(event, turn);
    },
    grace: (event) => progress.grace(event),
    declined: (declined) => progress.declined(declined),
    opened: (sessionId, outputPath) => progress.opened(sessionId, outputPath),
    checking: (what) => progress.checking(what),
    checked: (check) => progress.checked(check),
    repairing: (round, rounds) => progress.repairing(round, rounds),
    warned: (what) => progress.warned(what),
  };
}

interface Counted {
  readonly project: string;
  readonly batch: string | undefined;
}

/** Adds the run to the ledger. */
async function counted(outcome: JudgedRun, { state }: AskContext, { project, batch }: Counted): Promise<JudgedRun> {
  const { contract, verdict, run, status, signal, judged, commit } = outcome;
  const handoff = {
    task_id: contract.handoff.taskId,
    type: contract.handoff.type,
    verdict,
    violations: rulesOf(judged.findings.filter(isViolation)),
    failures: rulesOf(judged.findings.filter((finding) => !isViolation(finding))),
    committed: commit.type === "made",
    document: documentMark(contract),
  };
  const facts = { kind: "handoff" as const, workspace: project, project, handoff, batch };
  const warning = await countRun(state, { ...run, status, signal }, facts);
  return warning === null ? outcome : { ...outcome, notes: [...outcome.notes, warning] };
}
