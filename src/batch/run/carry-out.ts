import { openSlots } from "../../bounds/slots.ts";
import { ERROR_KINDS, type ErrorKind, messageOf } from "../../errors.ts";
import type { TaskResult } from "../schedule/result.ts";
import { baseFor } from "./base-for.ts";
import { bringTogether } from "./bring-together.ts";
import type { BatchContext } from "./context.ts";
import { giveBack, secondPrompt } from "./second-try.ts";

/**
 * Carries out a batch: whatever may start is started, and what is clean is brought together when nothing runs any more. All that happens is
 * journaled before it counts, so that another process can go on from any point.
 */
export async function carryOut(context: BatchContext): Promise<void> {
  const { log, signal } = context;
  const busy = new Set<string>();
  const running = new Map<string, Promise<void>>();
  const slots = openSlots();
  let fault: unknown;
  const unlessAborted = (error: unknown) => {
    if (!signal.aborted) throw error;
    return false;
  };
  while (true) {
    if (!signal.aborted && fault === undefined) {
      for (const id of log.schedule.next(busy)) {
        busy.add(id);
        const slot = slots.take();
        const work = runOne(id, slot, busy, context)
          .catch((error) => {
            fault ??= error;
          })
          .finally(() => {
            busy.delete(id);
            slots.free(slot);
            running.delete(id);
          });
        running.set(id, work);
      }
    }
    if (running.size > 0) await Promise.race(running.values());
    else if (fault !== undefined) throw fault;
    else if (signal.aborted || !(await bringTogether(context).catch(unlessAborted))) return;
  }
}

/** One try of one task, from its base to its result in the journal. */
async function runOne(id: string, slot: number, busy: Set<string>, context: BatchContext): Promise<void> {
  const { log, place, bench, watcher, signal } = context;
  const state = log.schedule.tasks.get(id);
  if (state === undefined) return;
  const base = await baseFor(state, log.schedule, bench);
  if (base.type === "conflict") return giveBack(base.id, base.on, base.files, context);
  if (signal.aborted) return;
  const session = state.returned === null ? null : (state.result?.session_id ?? null);
  const continues = session === null ? null : { sessionId: session, prompt: secondPrompt(state) };
  const job = { task: state.task, runId: context.newRunId(), base: base.commit, slot, continues };
  log.record("task_started", { id, run_id: job.runId, slot, base: job.base, worktree: place.worktreeOf(job) });
  busy.delete(id);
  watcher.changed();
  const result = await place.run(
    job,
    {
      working: (sessionId) => log.record("task_working", { id, session_id: sessionId }),
      doing: (line) => watcher.doing(id, line),
      left: (what) => watcher.say(`${id}: ${what}`),
    },
    signal,
  );
  settle(id, result, context);
  watcher.changed();
}

/** A rate limit gives the task back; what concerns every task stops the batch. */
function settle(id: string, result: TaskResult, { log, place, watcher }: BatchContext): void {
  const kind = result.error_kind;
  const aside = place.setAside?.(result) ?? null;
  if (aside !== null) {
    log.record("task_requeued", { id, tokens: result.tokens, elsewhere: true });
    watcher.say(`${aside}: ${id} waits for another machine`);
    return;
  }
  const requeued = log.schedule.tasks.get(id)?.requeued ?? 0;
  if (kind === "rate_limit" && requeued < MOST_REQUEUED) {
    log.record("task_requeued", { id, tokens: result.tokens });
    watcher.say(`rate limit: ${id} waits again, ${log.schedule.parallel} at once from now on`);
    return;
  }
  log.record("task_finished", { id, result });
  const word = result.stranded === true ? "interrupted" : result.status;
  watcher.say(`${id}: ${word}${result.message === null ? "" : ` (${messageOf(result.message)})`}`);
  if (kind === null || !(kind in ERROR_KINDS) || ERROR_KINDS[kind as ErrorKind].status !== "fatal") return;
  log.record("batch_stopped", { kind, message: result.message ?? "" });
}

// Codex itself has waited and tried again before it gives up.
const MOST_REQUEUED = 3;
