import type { ToolReply } from "../../codex/tools.ts";
import { editQueue } from "../../orchestrate/queue/edit-queue.ts";
import { usedUp } from "../../orchestrate/queue/limits.ts";
import { type Hindrance, hindranceOf } from "../../orchestrate/queue/may-delegate.ts";
import { taskOf } from "../../orchestrate/queue/task.ts";
import { type DelegationRequest, readRequest } from "../../orchestrate/request/schema.ts";
import { oneLine } from "../../text/defuse.ts";
import { delegateArguments, readArguments } from "./arguments.ts";
import type { Orchestration } from "./orchestration.ts";
import { refuse } from "./refuse.ts";
import { delegateReply, faultReply, type TaskReply } from "./reply.ts";
import { runTaskOf } from "./run-task.ts";

type Reply = (room: number) => TaskReply;

/** `delegate_tasks`: as many of its tasks at once as the person allows, and one answer when all are over. */
export async function delegateTasks(of: Orchestration, given: unknown, signal: AbortSignal): Promise<ToolReply> {
  const read = readArguments(delegateArguments, given);
  if (!read.ok) return faultReply(read.faults);
  const replies = read.value.tasks.map((task) => delegateOne(of, task, signal));
  // Each is waited for, so that none outlives the failure of another.
  await Promise.allSettled(replies);
  return delegateReply(await Promise.all(replies), of.queue());
}

async function delegateOne(of: Orchestration, given: unknown, signal: AbortSignal): Promise<Reply> {
  const read = readRequest(given);
  if (!read.ok) return refuse(of, read.taskId, read.refusals);
  const { request } = read;
  const early = enter(of, request) ?? hindranceNow(of, request);
  if (early !== null) return refuse(of, request.task_id, [early]);
  const place = () => of.queue().tasks.findIndex(({ id }) => id === request.task_id);
  return of.slots.use(place, signal, async () => {
    // What ran before may have changed what holds: a budget, the same task of another call.
    const hindrance = hindranceNow(of, request);
    return hindrance === null ? runTaskOf(of, request, signal) : refuse(of, request.task_id, [hindrance]);
  });
}

/** A task that is not in the queue yet gets its place at the end. */
function enter({ parts, options, queue }: Orchestration, { task_id, type, requirements = [] }: DelegationRequest) {
  if (taskOf(queue(), task_id) !== null) return null;
  const title = oneLine(requirements[0] ?? type, 120);
  const edited = editQueue(queue(), { action: "add", tasks: [{ task_id, title, type }], before: null }, options);
  if (edited.type === "refused") return edited.hindrance;
  parts.log.record(edited.type, edited.payload);
  return null;
}

function hindranceNow({ options, queue, stopwatch }: Orchestration, { task_id }: DelegationRequest): Hindrance | null {
  const spent = usedUp(options, queue(), stopwatch.ms);
  if (spent !== null) return { what: spent, change: "Delegate nothing more: finish, and say what is left." };
  return hindranceOf(queue(), task_id);
}
