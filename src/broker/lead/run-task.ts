import { join } from "node:path";
import { timeLimit } from "../../bounds/time-limit.ts";
import { type EarlierRuns, NO_EARLIER_RUNS } from "../../claude/price.ts";
import { asExpected } from "../../errors.ts";
import { newId } from "../../files/state-paths.ts";
import { makePrivateFolder, writeWhole } from "../../files/write-whole.ts";
import type { DelegationProgress } from "../../orchestrate/delegation/options.ts";
import { type FinishedDelegation, type TaskQueue, taskOf } from "../../orchestrate/queue/task.ts";
import { executorOf } from "../../orchestrate/request/kind.ts";
import type { DelegationRequest } from "../../orchestrate/request/schema.ts";
import { oneLine } from "../../text/defuse.ts";
import { dirtyFiles } from "../../workspace/snapshot/dirty-files.ts";
import { countDelegation } from "../command/count-delegation.ts";
import type { LedOutcome } from "./delegate.ts";
import { finishedDelegation } from "./finished-delegation.ts";
import { delegationFolder, type Orchestration } from "./orchestration.ts";
import { refuse } from "./refuse.ts";
import { renderDelegation } from "./render-delegation.ts";
import { type TaskReply, verdictReply } from "./reply.ts";

/**
 * One delegation from its beginning to its one outcome. It is journaled before anything is started for it, and again when nothing of it
 * runs any more.
 */
export async function runTaskOf(
  of: Orchestration,
  request: DelegationRequest,
  signal: AbortSignal,
): Promise<(room: number) => TaskReply> {
  const id = newId();
  const outcome = await carriedOut(of, { id, request, signal });
  if (outcome.verdict === "refused") return refuse(of, request.task_id, outcome.refusals);
  const finished = await written(of, id, outcome);
  return (room) => verdictReply(finished, room);
}

interface Work {
  readonly id: string;
  readonly request: DelegationRequest;
  readonly signal: AbortSignal;
}

async function carriedOut(of: Orchestration, { id, request, signal }: Work): Promise<LedOutcome> {
  const { parts, options, stopwatch, underWay } = of;
  const { budgetMinutes, budgetUsd } = options;
  const folder = delegationFolder(of, id);
  const { workspace } = parts.log.state.options;
  const left = budgetMinutes > 0 ? Math.max(0, budgetMinutes * 60_000 - stopwatch.ms) : null;
  const limit = timeLimit([signal], left);
  const journal = journaling(of, { id, request, workspace, folder, dirty: await dirtyFiles(workspace, signal) });
  const conversation = conversationFor(of, request);
  try {
    const outcome = await of.delegate({
      ...{ request, id, folder, workspace },
      conversation,
      earlier: earlierRuns(of.queue(), conversation),
      budgetUsd: budgetUsd === null ? null : Math.max(0, budgetUsd - of.queue().spentUsd),
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

/** A correction goes on with the conversation of its task, as long as the same executor has it. */
function conversationFor({ options, queue }: Orchestration, request: DelegationRequest): string | null {
  const known = taskOf(queue(), request.task_id)?.conversation ?? null;
  return known?.executor === executorOf(request, options.executor) ? known.id : null;
}

function earlierRuns({ finished }: TaskQueue, conversation: string | null): EarlierRuns {
  return finished
    .filter((one) => conversation !== null && one.conversation === conversation)
    .reduce(({ tokens, usd }, { input_tokens, output_tokens, list_price_usd }) => {
      return { tokens: tokens + input_tokens + output_tokens, usd: usd + (list_price_usd ?? 0) };
    }, NO_EARLIER_RUNS);
}

interface Beginning {
  readonly id: string;
  readonly request: DelegationRequest;
  readonly workspace: string;
  readonly folder: string;
  readonly dirty: Readonly<Record<string, string>>;
}

/** Journals how a delegation goes on, and shows what it is at. */
function journaling(of: Orchestration, { id, request, workspace, folder, dirty }: Beginning) {
  const { log, context } = of.parts;
  const { task_id, type } = request;
  let began = false;
  let executor: string | null = null;
  const progress = (event: DelegationProgress) => {
    switch (event.type) {
      case "began": {
        const correction = conversationFor(of, request) !== null;
        began = true;
        log.record("delegation_started", {
          ...{ delegation_id: id, task_id, type, correction, workspace, folder, state: context.state },
          dirty: { ...dirty },
        });
        log.progress(`[codex] ${task_id}: began (${type}${correction ? ", a correction" : ""})`);
        of.underWay.note(id, task_id, {});
        void log.publish();
        return;
      }
      case "started":
        executor = event.executor;
        log.record("delegation_working", { delegation_id: id, executor, conversation: null });
        return of.underWay.note(id, task_id, { executor });
      case "conversation": {
        const conversation = event.conversation;
        log.record("delegation_working", { delegation_id: id, executor: executor ?? "", conversation });
        return;
      }
      case "action":
        log.progress(`[${executor ?? "executor"}] ${task_id}: ${oneLine(event.text, 120)}`);
        return of.underWay.note(id, task_id, { action: oneLine(event.text, 120) });
      case "checking":
        log.progress(`[codex] ${task_id}: checking: ${oneLine(event.command, 100)}`);
        return of.underWay.note(id, task_id, { action: `checking: ${oneLine(event.command, 100)}` });
      case "usage":
        return;
    }
  };
  return { progress, began: () => began };
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

/** The evidence first, then the journal: what is told lies there. */
async function written(of: Orchestration, id: string, outcome: LedOutcome): Promise<FinishedDelegation> {
  const { log } = of.parts;
  const path = join(outcome.folder, "report.md");
  await makePrivateFolder(outcome.folder);
  const report = await writeWhole(path, renderDelegation(outcome)).then(
    () => path,
    () => null, // a full disk: what it came to is in the journal
  );
  const finished = finishedDelegation(id, outcome, report);
  log.record("delegation_finished", finished);
  await countDelegation(log, { state: of.parts.context.state, type: outcome.type }, finished);
  log.record("time_spent", { ms: of.stopwatch.ms });
  log.progress(
    `[codex] ${outcome.taskId}: ${outcome.verdict}${finished.error === null ? "" : ` (${oneLine(finished.error, 100)})`}`,
  );
  void log.publish();
  return finished;
}
