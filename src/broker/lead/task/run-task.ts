import { newId } from "../../../files/state-paths.ts";
import { taskOf } from "../../../orchestrate/queue/task.ts";
import type { DelegationRequest } from "../../../orchestrate/request/schema.ts";
import { carriedOut } from "./carry-out.ts";
import { finish } from "./finish.ts";
import type { Orchestration } from "./orchestration.ts";
import type { TaskReply } from "./reply.ts";

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
  const { workspace } = of.parts.log.state.options;
  const conflict = taskOf(of.queue(), request.task_id)?.conflict ?? [];
  const outcome = await carriedOut(of, { id, request, workspace, conflict, shares: 1, signal });
  return finish(of, { id, request, outcome });
}
