import type { ToolReply } from "../../codex/tools.ts";
import { editQueue } from "../../orchestrate/queue/edit-queue.ts";
import { usedUp } from "../../orchestrate/queue/limits.ts";
import { type Hindrance, hindranceOf } from "../../orchestrate/queue/may-delegate.ts";
import { taskOf } from "../../orchestrate/queue/task.ts";
import { besideFault } from "../../orchestrate/request/beside.ts";
import { type DelegationRequest, readRequest } from "../../orchestrate/request/schema.ts";
import { oneLine } from "../../text/defuse.ts";
import { delegateArguments, readArguments } from "./arguments.ts";
import type { Orchestration } from "./task/orchestration.ts";
import { refuse } from "./task/refuse.ts";
import { delegateReply, faultReply, type TaskReply } from "./task/reply.ts";
import { runTaskOf } from "./task/run-task.ts";
import { isApart, runTogether } from "./task/together.ts";

type Reply = (room: number) => TaskReply;

/** `delegate_tasks`: as many of its tasks at once as the person allows, and one answer when all are over. */
export async function delegateTasks(of: Orchestration, given: unknown, signal: AbortSignal): Promise<ToolReply> {
  const read = readArguments(delegateArguments, given);
  if (!read.ok) return faultReply(read.faults);
  const admitted = read.value.tasks.map((task) => admit(of, task));
  const requests = admitted.flatMap(({ request }) => request ?? []);
  const { parallel, dryRun } = of.options;
  const replies = await (parallel === 1 || dryRun ? inTurn : atOnce)(of, requests, signal);
  const all = admitted.flatMap(({ request, reply }) => reply ?? (request && replies.get(request)) ?? []);
  return delegateReply(all, of.queue());
}

type Admitted =
  | { readonly request: DelegationRequest; readonly reply: null }
  | { readonly request: null; readonly reply: Reply };

function admit(of: Orchestration, given: unknown): Admitted {
  const read = readRequest(given);
  if (!read.ok) return { request: null, reply: refuse(of, read.taskId, read.refusals) };
  const { request } = read;
  const early = enter(of, request) ?? hindranceNow(of, request);
  return early === null ? { request, reply: null } : { request: null, reply: refuse(of, request.task_id, [early]) };
}

type Replies = ReadonlyMap<DelegationRequest, Reply>;

/** In the user's work tree, in the order of the queue. */
async function inTurn(
  of: Orchestration,
  requests: readonly DelegationRequest[],
  signal: AbortSignal,
): Promise<Replies> {
  const replies = requests.map((request) =>
    of.slots.use(placeOf(of, [request]), signal, async (): Promise<[DelegationRequest, Reply]> => {
      // What ran before may have changed what holds: a budget, the same task of another call.
      const hindrance = hindranceNow(of, request);
      if (hindrance !== null) return [request, refuse(of, request.task_id, [hindrance])];
      return [request, await runTaskOf(of, request, signal)];
    }),
  );
  // Each is waited for, so that none outlives the failure of another.
  await Promise.allSettled(replies);
  return new Map(await Promise.all(replies));
}

/** Several in worktrees of their own, one in the user's work tree: that belongs to one call at a time. */
function atOnce(of: Orchestration, requests: readonly DelegationRequest[], signal: AbortSignal): Promise<Replies> {
  return of.tree.use(placeOf(of, requests), signal, async () => {
    const replies = new Map<DelegationRequest, Reply>();
    const ready: DelegationRequest[] = [];
    for (const request of requests) {
      const beside = requests.length > 1 ? besideFault(request, ready) : null;
      const fault = hindranceNow(of, request) ?? beside;
      if (fault === null) ready.push(request);
      else replies.set(request, refuse(of, request.task_id, [fault]));
    }
    const [first, ...others] = ready;
    if (first === undefined) return replies;
    // A commit is made on the user's branch, and so in the user's tree.
    const isAlone = others.length === 0 && (first.commit !== undefined || !isApart(of, first));
    if (isAlone) return replies.set(first, await runTaskOf(of, first, signal));
    return new Map([...replies, ...(await runTogether(of, ready, signal))]);
  });
}

function placeOf({ queue }: Orchestration, requests: readonly DelegationRequest[]): () => number {
  const ids = new Set(requests.map(({ task_id }) => task_id));
  return () => queue().tasks.findIndex(({ id }) => ids.has(id));
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
