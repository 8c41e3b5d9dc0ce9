import { join } from "node:path";
import { newId } from "../../../files/state-paths.ts";
import { type Apart, openApart } from "../../../orchestrate/apart/apart.ts";
import { workPatch } from "../../../orchestrate/apart/kept-work.ts";
import { taskOf } from "../../../orchestrate/queue/task.ts";
import type { DelegationRequest } from "../../../orchestrate/request/schema.ts";
import { firstOf } from "../../../text/words.ts";
import { carriedOut } from "./carry-out.ts";
import type { LedOutcome } from "./delegate.ts";
import { finish } from "./finish.ts";
import { delegationFolder, type Orchestration } from "./orchestration.ts";
import type { TaskReply } from "./reply.ts";

type Reply = (room: number) => TaskReply;

/**
 * Delegations of one call, as many at once as the person allows. Each has a worktree that begins from the tree as it is now, and what it
 * did comes into the tree in the order of the queue. What does not merge goes back to its own task once, which then does it again on top
 * of what the others did.
 */
export async function runTogether(
  of: Orchestration,
  requests: readonly DelegationRequest[],
  signal: AbortSignal,
): Promise<ReadonlyMap<DelegationRequest, Reply>> {
  const { log, context, paths, env } = of.parts;
  const folder = join(paths.folder, "together", newId());
  const apart = await openApart({ workspace: log.state.options.workspace, state: context.state, folder, env, signal });
  const replies = new Map<DelegationRequest, Reply>();
  const failures: unknown[] = [];
  try {
    const attempts = requests
      .toSorted((one, other) => placeOf(of, one) - placeOf(of, other))
      .map((request) => {
        const attempt = attemptAt(of, apart, { request, signal, conflict: null });
        // It is looked at in its turn.
        attempt.catch(() => {});
        return { request, attempt };
      });
    for (const { request, attempt } of attempts) {
      try {
        replies.set(request, await settled(of, apart, { request, signal, first: await attempt }));
      } catch (error) {
        failures.push(error);
      }
    }
  } finally {
    await apart.close();
  }
  if (failures.length > 0) throw failures[0];
  return replies;
}

/** Whether a task is worked on in a worktree even where it is alone: a correction goes on where it began. */
export function isApart({ queue, parts }: Orchestration, { task_id }: DelegationRequest): boolean {
  const known = taskOf(queue(), task_id)?.conversation ?? null;
  return known !== null && known.executor === "claude" && known.workspace !== parts.log.state.options.workspace;
}

function placeOf({ queue }: Orchestration, { task_id }: DelegationRequest): number {
  return queue().tasks.findIndex(({ id }) => id === task_id);
}

interface Trying {
  readonly request: DelegationRequest;
  readonly signal: AbortSignal;
  /** Files in which the first attempt did not merge; null: this is the first. */
  readonly conflict: readonly string[] | null;
}

interface Attempt extends Awaited<ReturnType<Apart["inWorktree"]>> {
  readonly id: string;
  readonly outcome: LedOutcome;
  /** The delegation's own. */
  readonly folder: string;
}

async function attemptAt(of: Orchestration, apart: Apart, { request, signal, conflict }: Trying): Promise<Attempt> {
  const { parts, options, slots } = of;
  return slots.use(
    () => placeOf(of, request),
    signal,
    async () => {
      const id = newId();
      const known = taskOf(of.queue(), request.task_id);
      const worktree = isApart(of, request) ? known?.conversation?.workspace : undefined;
      const root = worktree ?? join(parts.context.state, "worktrees", id);
      const folder = delegationFolder(of, id);
      const patchPath = workPatch(folder);
      const from = conflict === null ? "base" : "present";
      const work = { id, request, workspace: root, conflict: conflict ?? known?.conflict ?? [], signal };
      const worked = await apart.inWorktree({ id, worktree: root, from, patchPath, signal }, () =>
        carriedOut(of, { ...work, shares: options.parallel }),
      );
      return { ...worked, id, folder };
    },
  );
}

interface Settling {
  readonly request: DelegationRequest;
  readonly signal: AbortSignal;
  readonly first: Attempt;
}

/** Brings what was done into the tree, and journals what became of the delegation only then. */
async function settled(of: Orchestration, apart: Apart, { request, signal, first }: Settling): Promise<Reply> {
  const { id, outcome, result } = first;
  const arrival = await apart.arrive(result, first.folder);
  if (arrival.type === "arrived") return finish(of, { id, request, outcome });
  const back = conflicting(first, arrival.files);
  const reply = await finish(of, { id, request, outcome: back, conflict: arrival.files });
  if (back.verdict !== "conflict" || signal.aborted) return reply;
  of.parts.log.progress(`[codex] ${request.task_id}: given back, it does not merge in ${firstOf(arrival.files)}`);
  const second = await attemptAt(of, apart, { request, signal, conflict: arrival.files });
  const again = await apart.arrive(second.result, second.folder);
  if (again.type === "arrived") return finish(of, { id: second.id, request, outcome: second.outcome });
  return finish(of, {
    ...{ id: second.id, request, outcome: conflicting(second, again.files), conflict: again.files },
  });
}

/** Work that is good where it was done, and is not in the tree. */
function conflicting({ outcome, folder }: Attempt, files: readonly string[]): LedOutcome {
  const remark = `It does not merge with what others did in ${firstOf(files)}: nothing of it is in the work tree. It is kept in ${workPatch(folder)}.`;
  const { verdict, remarks } = outcome;
  return {
    ...outcome,
    verdict: verdict === "completed" || verdict === "partial" ? "conflict" : verdict,
    remarks: [...remarks, remark],
  };
}
