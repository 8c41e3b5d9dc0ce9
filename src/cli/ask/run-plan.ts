import type { AskPlan } from "../../ask/model/plan.ts";
import { runTask } from "../../ask/run/task.ts";
import { exitCodeOf } from "../../errors.ts";
import { openRun, type RunFlags } from "../command/open-run.ts";
import type { ShowFlags } from "../command/turn-options.ts";
import { printOutcome } from "../output/print-outcome.ts";

/** Runs a plan in this process, counts it, and prints what it came to. Resolves with the exit code. */
export async function runPlan(
  plan: AskPlan,
  flags: RunFlags & ShowFlags & { readonly reviewRounds?: number },
  state: string,
): Promise<number> {
  const { context, progress } = await openRun(flags, state);
  try {
    const rounds = flags.reviewRounds ?? 0;
    const finalReviewer = rounds === 0 ? null : await reviewerFor(rounds, plan, { context, progress });
    const outcome = await runTask(plan, { ...context, finalReviewer });
    // What it takes is there: the run has loaded it while Codex started.
    const { countRun } = await import("../../ask/report/ledger-entry.ts");
    const uncounted = await countRun(state, outcome, { kind: "ask", workspace: plan.workspace });
    printOutcome(outcome, progress, { ...flags, warning: uncounted });
    return exitCodeOf(outcome.status, outcome.signal);
  } finally {
    progress.stop();
  }
}

async function reviewerFor(rounds: number, plan: AskPlan, { context, progress }: Awaited<ReturnType<typeof openRun>>) {
  const { reviewRounds } = await import("../review/rounds.ts");
  return reviewRounds({ rounds, plan, documents: [], progress }, context);
}
