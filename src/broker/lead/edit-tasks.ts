import type { ToolReply } from "../../codex/tools.ts";
import { editQueue, type QueueEdit } from "../../orchestrate/queue/edit-queue.ts";
import { oneLine } from "../../text/defuse.ts";
import { queueArguments, readArguments } from "./arguments.ts";
import type { Orchestration } from "./task/orchestration.ts";
import { faultReply, queueReply } from "./task/reply.ts";

/** `task_queue`: shows or changes the plan. What changes it is journaled before it is answered. */
export async function editTasks({ parts, options, queue }: Orchestration, given: unknown): Promise<ToolReply> {
  const { log } = parts;
  const read = readArguments(queueArguments, given);
  if (!read.ok) return faultReply(read.faults);
  const edit = read.value;
  if (edit.action === "list") return queueReply(queue());
  const edited = editQueue(queue(), edit, options);
  if (edited.type === "refused") return faultReply([edited.hindrance]);
  log.record(edited.type, edited.payload);
  log.progress(`[codex] queue: ${oneLine(wordsOf(edit), 160)}`);
  void log.publish();
  return queueReply(queue());
}

function wordsOf(edit: QueueEdit): string {
  switch (edit.action) {
    case "add":
      return `added ${edit.tasks.map(({ task_id }) => task_id).join(", ")}`;
    case "reorder":
      return `in the order ${edit.order.join(", ")} (${edit.reason})`;
    case "drop":
      return `dropped ${edit.task_id} (${edit.reason})`;
    case "split":
      return `split ${edit.task_id} into ${edit.into.map(({ task_id }) => task_id).join(", ")} (${edit.reason})`;
  }
}
