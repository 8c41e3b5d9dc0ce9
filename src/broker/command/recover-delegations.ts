import { rm } from "node:fs/promises";
import { join } from "node:path";
import { messageOf } from "../../errors.ts";
import type { RunningDelegation } from "../../orchestrate/queue/task.ts";
import { endProcesses, processesMarked } from "../../process/end-processes.ts";
import { RUN_MARKER } from "../../process/run-marker.ts";
import { dirtyFiles, editedBetween } from "../../workspace/snapshot/dirty-files.ts";
import type { SessionLog } from "../store/session-log.ts";
import { countDelegation } from "./count-delegation.ts";
import { recoverApart } from "./recover-apart.ts";

/**
 * What a dead worker's orchestration had under way: executors that live on are ended, and each delegation gets its one outcome,
 * `interrupted`, with the edits named that are there. Returns the question that a person was being asked.
 */
export async function recoverDelegations(log: SessionLog): Promise<readonly string[]> {
  for (const delegation of log.state.tasks.running) {
    await endProcesses(await processesMarked(RUN_MARKER, delegation.id));
    const edits = await editsOf(delegation, log.state.options.workspace);
    await rm(join(delegation.folder, "snapshot"), { recursive: true, force: true }).catch(() => {});
    const finished = { ...interrupted(delegation), ...edits };
    log.record("delegation_finished", finished);
    await countDelegation(log, delegation, finished);
    log.say(`Delegation ${delegation.id} of ${delegation.taskId} was interrupted: the worker died`);
  }
  const { openRequests, options } = log.state;
  const asked = options.orchestration === null ? [] : openRequests.flatMap(({ questions }) => questions);
  for (const { question } of asked) log.record("question_left", { question });
  return asked.map(({ question }) => question);
}

/** The files that differ now and did not before, or differ otherwise; no one has judged or undone anything. */
async function editsOf(delegation: RunningDelegation, home: string) {
  const { workspace, dirty } = delegation;
  try {
    if (workspace !== home) return await recoverApart(delegation, home);
    const files = editedBetween(dirty, await dirtyFiles(workspace));
    const where = files.length === 0 ? "no file has changed since it began" : "the files are as it left them, unjudged";
    return { files: [...files], notes: `The session's worker was killed in the middle of it; ${where}.` };
  } catch (error) {
    const notes = `The session's worker was killed in the middle of it; what it has changed is unknown: ${messageOf(error)}`;
    return { files: [], notes };
  }
}

function interrupted({ id, taskId, executor, conversation, startedAt }: RunningDelegation) {
  return {
    ...{ delegation_id: id, task_id: taskId, verdict: "interrupted", executor, conversation },
    ...{ error_kind: "worker_lost", error: null, lines_changed: 0, validation: [], findings: [] },
    ...{ violations: [], failures: [], conflict: [], undone: [] },
    ...{ bring_back: null, meanwhile: [], input_tokens: 0, output_tokens: 0, list_price_usd: null, model: null },
    ...{ commit: null, report: null, elapsed_ms: Math.max(0, Date.now() - Date.parse(startedAt)) },
  };
}
