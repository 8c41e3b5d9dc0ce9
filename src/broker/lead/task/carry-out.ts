import { timeLimit } from "../../../bounds/time-limit.ts";
import { type EarlierRuns, NO_EARLIER_RUNS } from "../../../claude/price.ts";
import { asExpected } from "../../../errors.ts";
import { type TaskQueue, taskOf } from "../../../orchestrate/queue/task.ts";
import { executorOf } from "../../../orchestrate/request/kind.ts";
import type { DelegationRequest } from "../../../orchestrate/request/schema.ts";
import type { LedOutcome } from "./delegate.ts";
import { type Beginning, journaling } from "./journaling.ts";
import { delegationFolder, type Orchestration } from "./orchestration.ts";

export interface Work {
  readonly id: string;
  readonly request: DelegationRequest;
  /** The work tree that it is worked on in. */
  readonly workspace: string;
  /** Files in which the task's earlier work did not merge. */
  readonly conflict: readonly string[];
  /** How many at the most work at the same time. */
  readonly shares: number;
  readonly signal: AbortSignal;
}

/** Lets an executor work and judges it; the outcome is not journaled yet. */
export async function carriedOut(of: Orchestration, work: Work): Promise<LedOutcome> {
  const { id, request, workspace, conflict, shares, signal } = work;
  const { options, stopwatch, underWay } = of;
  const { budgetMinutes } = options;
  const folder = delegationFolder(of, id);
  const left = budgetMinutes > 0 ? Math.max(0, budgetMinutes * 60_000 - stopwatch.ms) : null;
  const limit = timeLimit([signal], left);
  const conversation = conversationFor(of, request, workspace);
  const journal = journaling(of, { id, request, workspace, folder, correction: conversation !== null });
  try {
    const outcome = await of.delegate({
      ...{ request, id, folder, workspace, conversation, conflict },
      earlier: earlierRuns(of.queue(), conversation),
      budgetUsd: budgetFor(of, shares),
      signal: limit.signal,
      onProgress: journal.progress,
    });
    if (!limit.expired() || outcome.verdict === "completed") return outcome;
    return { ...outcome, remarks: [...outcome.remarks, `It was ended: --budget-minutes ${budgetMinutes} is used up.`] };
  } catch (thrown) {
    // Before it began nothing was started, and there is nothing to end.
    if (!journal.began()) throw thrown;
    return failed({ id, request, folder }, asExpected(thrown));
  } finally {
    limit.clear();
    underWay.end(id);
  }
}

/** Tasks that work at the same time share what is left. */
function budgetFor({ options, queue }: Orchestration, shares: number): number | null {
  const { budgetUsd } = options;
  return budgetUsd === null ? null : Math.max(0, budgetUsd - queue().spentUsd) / shares;
}

/** A correction goes on with the conversation of its task, as long as the same executor has it, and in the same place. */
function conversationFor({ options, queue }: Orchestration, request: DelegationRequest, workspace: string) {
  const known = taskOf(queue(), request.task_id)?.conversation ?? null;
  const executor = executorOf(request, options.executor);
  if (known === null || known.executor !== executor) return null;
  return executor === "codex" || known.workspace === workspace ? known.id : null;
}

function earlierRuns({ finished }: TaskQueue, conversation: string | null): EarlierRuns {
  return finished
    .filter((one) => conversation !== null && one.conversation === conversation)
    .reduce(({ tokens, usd }, { input_tokens, output_tokens, list_price_usd }) => {
      return { tokens: tokens + input_tokens + output_tokens, usd: usd + (list_price_usd ?? 0) };
    }, NO_EARLIER_RUNS);
}

function failed(work: Pick<Beginning, "id" | "request" | "folder">, error: LedOutcome["error"]): LedOutcome {
  const { request, folder } = work;
  return {
    ...{ taskId: request.task_id, type: request.type, verdict: "executor_failed", executor: null, error, folder },
    ...{ refusals: [], files: [], validation: [], findings: [], undone: null, meanwhile: [], denials: [], said: null },
    ...{ notes: "", remarks: [], conversation: null, commit: { type: "none" }, elapsedMs: 0, survivors: [] },
    usage: { inputTokens: 0, cachedInputTokens: 0, outputTokens: 0, listPriceUsd: null, model: null },
  };
}
