import { join } from "node:path";
import { makePrivateFolder, writeWhole } from "../../../files/write-whole.ts";
import type { FinishedDelegation } from "../../../orchestrate/queue/task.ts";
import type { DelegationRequest } from "../../../orchestrate/request/schema.ts";
import { oneLine } from "../../../text/defuse.ts";
import { countDelegation } from "../../command/count-delegation.ts";
import type { LedOutcome } from "./delegate.ts";
import { finishedDelegation } from "./finished-delegation.ts";
import type { Orchestration } from "./orchestration.ts";
import { refuse } from "./refuse.ts";
import { renderDelegation } from "./render-delegation.ts";
import { type TaskReply, verdictReply } from "./reply.ts";

/** Journals what a delegation came to, and says it to the model. */
export async function finish(
  of: Orchestration,
  { id, request, outcome, conflict = [] }: Finishing,
): Promise<(room: number) => TaskReply> {
  if (outcome.verdict === "refused") return refuse(of, request.task_id, outcome.refusals);
  const finished = await written(of, id, outcome, conflict);
  return (room) => verdictReply(finished, room);
}

interface Finishing {
  readonly id: string;
  readonly request: DelegationRequest;
  readonly outcome: LedOutcome;
  /** Files in which it did not merge. */
  readonly conflict?: readonly string[];
}

/** The evidence first, then the journal: what it names is there by then. */
async function written(
  of: Orchestration,
  id: string,
  outcome: LedOutcome,
  conflict: readonly string[],
): Promise<FinishedDelegation> {
  const { log } = of.parts;
  const path = join(outcome.folder, "report.md");
  await makePrivateFolder(outcome.folder);
  const report = await writeWhole(path, renderDelegation(outcome)).then(
    () => path,
    () => null, // a full disk: what it came to is in the journal
  );
  const finished = finishedDelegation(id, outcome, { report, conflict });
  log.record("delegation_finished", finished);
  await countDelegation(log, { state: of.parts.context.state, type: outcome.type }, finished);
  log.record("time_spent", { ms: of.stopwatch.ms });
  log.progress(
    `[codex] ${outcome.taskId}: ${outcome.verdict}${finished.error === null ? "" : ` (${oneLine(finished.error, 100)})`}`,
  );
  void log.publish();
  return finished;
}
