import type { Hindrance } from "../../../orchestrate/queue/may-delegate.ts";
import { oneLine } from "../../../text/defuse.ts";
import type { Orchestration } from "./orchestration.ts";
import { refusedReply, type TaskReply } from "./reply.ts";

/** A request that is not carried out, journaled as what it is: nothing was started for it. */
export function refuse(
  { parts }: Orchestration,
  taskId: string | null,
  refusals: readonly Hindrance[],
): (room: number) => TaskReply {
  const { log } = parts;
  log.record("request_refused", { task_id: taskId, refusals: refusals.map(({ what, change }) => ({ what, change })) });
  log.progress(
    `[codex] refused a request${taskId === null ? "" : ` for ${taskId}`}: ${oneLine(refusals[0]?.what ?? "", 120)}`,
  );
  void log.publish();
  return () => refusedReply(taskId, refusals);
}
