import { join, resolve } from "node:path";
import { exitCodeOf } from "../../errors.ts";
import { runPaths } from "../../files/state-paths.ts";
import { promptFor } from "../../handoff/contract/prompt.ts";
import type { Contract } from "../../handoff/document/handoff.ts";
import { runHandoff } from "../../handoff/run/handoff.ts";
import type { HandoffOutcome } from "../../handoff/run/outcome.ts";
import { toHandoffResult } from "../../handoff/run/result.ts";
import type { WorkTree } from "../../workspace/git/find-work-tree.ts";
import { removeWorktree } from "../../workspace/worktree/managed-worktree.ts";
import { workApart } from "../../workspace/worktree/work-apart.ts";
import { openRun } from "../command/open-run.ts";
import { preparePlan } from "../command/prepare-plan.ts";
import { currentFolder, stateFolder } from "../edge/folders.ts";
import { refuseInside } from "../edge/refuse-inside.ts";
import { printOutcome } from "../output/print-outcome.ts";
import type { ProgressLines } from "../output/progress-lines.ts";
import type { Pair } from "../output/value-lines.ts";
import { reviewRounds } from "../review/rounds.ts";
import { completeContract } from "./check.ts";
import { verdictLines, verdictPairs } from "./lines.ts";
import { handoffTree } from "./place.ts";
import type { RunFlags } from "./run-options.ts";

/** `ask_codex handoff run`: the document is checked, Codex works by it, the work is judged. */
export async function run(file: string, flags: RunFlags): Promise<number> {
  refuseInside("ask_codex");
  const state = stateFolder();
  const document = resolve(currentFolder(), file);
  const around = await handoffTree(flags.workspace);
  const contract = await completeContract(document, around.root, flags);
  if (contract === null) return 1;
  const { context, progress } = await openRun(flags, state);
  try {
    const prompt = promptFor(contract, contract.document ?? document);
    // The rounds are the contract's, whose checks the flags know nothing of.
    const prepared = await preparePlan(
      { ...flags, ...OF_THE_DOCUMENT, workspace: around.root, verifyRounds: 0 },
      prompt,
      currentFolder(),
      state,
    );
    const place = flags.worktree
      ? await inWorktree(around, document, contract, join(state, "worktrees", context.runId))
      : { tree: around, document };
    const sandboxed = contract.guardrails.sandboxChecks;
    const checks = { ...prepared.checks, verifyRounds: flags.verifyRounds, sandboxed };
    const plan = { ...prepared, checks, workspace: place.tree.root };
    const { onViolation } = flags;
    const worktree = flags.worktree ? place.tree.root : null;
    const rounds = {
      rounds: flags.reviewRounds,
      plan,
      documents: [{ name: "The plan", path: place.document }],
      progress,
    };
    const finalReviewer = reviewRounds(rounds, context);
    const outcome = await runHandoff({ contract, ...place, plan, onViolation }, { ...context, finalReviewer }).catch(
      async (error) => {
        if (worktree !== null) await removeWorktree(around.root, worktree);
        throw error;
      },
    );
    // Where Codex never got to work, there is nothing in it.
    const unused = worktree !== null && outcome.run?.sessionId === null;
    if (unused) await removeWorktree(around.root, worktree);
    tell(outcome, progress, flags, [
      ["worktree", unused ? null : worktree],
      ["result", runPaths(state, context.runId).result],
    ]);
    return exitCodeOf(outcome.status, outcome.signal);
  } finally {
    progress.stop();
  }
}

/** The document says these itself. */
const OF_THE_DOCUMENT = { file: [], image: [], expectFile: [] };

/** The document goes along into the worktree: it may not be committed, or not as it is now. */
async function inWorktree(around: WorkTree, document: string, { document: inside }: Contract, folder: string) {
  const carried = inside === null ? [] : [{ from: document, inside }];
  const { tree } = await workApart(around, folder, carried);
  return { tree, document: inside === null ? document : join(tree.root, inside) };
}

function tell(outcome: HandoffOutcome, progress: ProgressLines, flags: RunFlags, places: readonly Pair[]): void {
  const { run, status, signal } = outcome;
  if (run === null) return;
  const verdict = {
    result: () => toHandoffResult(outcome),
    pairs: [...verdictPairs(outcome), ...places],
    lines: verdictLines(outcome),
  };
  printOutcome({ ...run, status, signal }, progress, { ...flags, warning: null, verdict });
}
