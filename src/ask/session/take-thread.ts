import { timeLimit } from "../../bounds/time-limit.ts";
import { AskCodexError } from "../../errors.ts";
import type { Hold } from "../../process/hold.ts";
import type { AskPlan } from "../model/plan.ts";
import type { StartContext } from "../model/start-context.ts";
import { holdThread } from "../model/thread-hold.ts";

/**
 * Takes a thread for a run. The process in the way may be stuck: neither a cancel nor the run's own time limit waits for it.
 * @throws AskCodexError, or the signal's reason
 */
export async function takeThread(threadId: string, { limits }: AskPlan, context: StartContext): Promise<Hold> {
  const { state, owner: own, askToYield } = context;
  const limit = timeLimit([context.signal], limits.totalMs > 0 ? limits.totalMs : null);
  try {
    return await holdThread(state, threadId, { own, askToYield, signal: limit.signal });
  } catch (error) {
    if (!limit.expired()) throw error;
    throw new AskCodexError("total_timeout", `session ${threadId} could not be taken within the run's time limit`);
  } finally {
    limit.clear();
  }
}
