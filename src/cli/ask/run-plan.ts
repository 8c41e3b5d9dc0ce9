import type { AskPlan } from "../../ask/model/plan.ts";
import { countRun } from "../../ask/report/ledger-entry.ts";
import { toResult } from "../../ask/report/result.ts";
import { runTask } from "../../ask/run/task.ts";
import { exitCodeOf } from "../../errors.ts";
import { openRun, type RunFlags } from "../command/open-run.ts";
import { writeOut } from "../edge/stdio.ts";
import { closingLines, MOST_BYTES } from "../output/closing-lines.ts";
import { keyValues } from "../output/key-values.ts";

/** Runs a plan in this process, counts it, and prints what it came to. Resolves with the exit code. */
export async function runPlan(
  plan: AskPlan,
  flags: RunFlags & { readonly json: boolean },
  state: string,
): Promise<number> {
  const { context, progress } = await openRun(flags, state);
  try {
    const outcome = await runTask(plan, context);
    const uncounted = await countRun(state, outcome, { kind: "ask", workspace: plan.workspace });
    progress.stop();
    if (uncounted !== null) progress.line(`[WARNING] ${uncounted}`);
    const result = flags.json ? `${JSON.stringify(toResult(outcome))}\n` : keyValues(outcome);
    const room = MOST_BYTES - progress.written() - (flags.json ? 0 : Buffer.byteLength(result));
    for (const line of closingLines(outcome, room)) progress.line(line);
    writeOut(result);
    return exitCodeOf(outcome.status, outcome.signal);
  } finally {
    progress.stop();
  }
}
