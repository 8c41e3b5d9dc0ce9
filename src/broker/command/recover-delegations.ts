import { rm } from "node:fs/promises";
import { join } from "node:path";
import { messageOf } from "../../errors.ts";
import type { RunningDelegation } from "../../orchestrate/queue/task.ts";
import { endProcesses, processesMarked } from "../../process/end-processes.ts";
import { RUN_MARKER } from "../../process/run-marker.ts";
import { findWorkTree } from "../../workspace/git/find-work-tree.ts";
import { compareSnapshots } from "../../workspace/snapshot/compare.ts";
import { keptSnapshot } from "../../workspace/snapshot/kept-snapshot.ts";
import { takeSnapshot } from "../../workspace/snapshot/snapshot.ts";
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
  const { workspace, folder } = delegation;
  try {
    if (workspace !== home) {
      const { files, notes } = await recoverApart(delegation, home);
      return { files: [...files], notes };
    }
    const { files, headMoved } = await changesSince(workspace, join(folder, "snapshot"));
    const where = files.length === 0 ? "no file has changed since it began" : "the files are as it left them, unjudged";
    const head = headMoved === null ? "" : ` HEAD is at another commit: ${headMoved.to ?? "none"}.`;
    return {
      files: files.map(({ path }) => path),
      notes: `The session's worker was killed in the middle of it; ${where}.${head}`,
    };
  } catch (error) {
    const notes = `The session's worker was killed in the middle of it; what it has changed is unknown: ${messageOf(error)}`;
    return { files: [], notes };
  }
}

/** Against the snapshot from before the work, which the delegation kept. */
async function changesSince(workspace: string, snapshots: string) {
  const [tree, before] = [await findWorkTree(workspace), await keptSnapshot(snapshots)];
  if (tree === undefined || before === null) throw new Error("there is no record of the work tree from before");
  return compareSnapshots({ tree, folder: snapshots }, before, await takeSnapshot(tree, snapshots));
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
