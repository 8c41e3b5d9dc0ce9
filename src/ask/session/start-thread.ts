import { join } from "node:path";
import { timeLimit } from "../../bounds/time-limit.ts";
import type { AppServer } from "../../codex/app-server.ts";
import { findCodex } from "../../codex/find-codex.ts";
import type { ThreadTarget } from "../../codex/open-thread.ts";
import { explainStart } from "../../codex/server-exit.ts";
import { openWithin, startCodex } from "../../codex/start-codex.ts";
import { AskCodexError } from "../../errors.ts";
import type { RunPaths } from "../../files/state-paths.ts";
import type { Hold } from "../../process/hold.ts";
import type { OpenCodex } from "../model/codex-source.ts";
import type { AskPlan } from "../model/plan.ts";
import type { StartContext } from "../model/start-context.ts";
import { holdThread } from "../model/thread-hold.ts";
import { requireThreadId } from "../model/thread-record.ts";

/** A Codex of our own, and the hold on its thread. */
export interface HeldCodex extends OpenCodex {
  readonly hold: Hold;
}

/**
 * Takes the thread, starts Codex and opens the thread in it. A failure leaves neither a process nor a hold.
 * @throws AskCodexError, or the signal's reason
 */
export async function startThread(
  plan: AskPlan,
  context: StartContext,
  paths: RunPaths,
  held: Hold | null = null,
): Promise<HeldCodex> {
  const take = (threadId: string) => takeThread(threadId, plan, context);
  // A new thread, a fork included, belongs to no one yet.
  const early = held ?? (plan.target.type === "resume" ? await take(plan.target.threadId) : null);
  let server: AppServer | null = null;
  try {
    const { elsewhere } = context;
    const command = elsewhere?.codex?.command ?? (await findCodex(context.search));
    server = startCodex(command, {
      config: [...plan.config, ...(elsewhere?.environment.config ?? [])],
      cwd: plan.workspace ?? (plan.target.type === "new" ? null : plan.target.record?.settings.cwd) ?? "/",
      env: context.env,
      // A process that finds the owner's hold finds what the owner has left running as well.
      runId: context.owner.runId,
      stderrPath: paths.stderr,
    });
    const wanted = { target: threadTarget(plan, context), environment: elsewhere?.environment ?? null };
    const thread = await openWithin(server, wanted, context.version, context.signal);
    const threadId = requireThreadId(thread.answer.thread.id);
    const hold = early ?? (await take(threadId));
    const record = thread.answer.thread.path ?? null;
    const rollout = elsewhere?.codex && record !== null ? join(paths.folder, "codex-record.jsonl") : record;
    return { server, command, thread, threadId, rollout, hold };
  } catch (error) {
    // Clean-up: what fails in it must not hide the cause.
    await Promise.allSettled([server?.end({ urgent: true }), early?.release()]);
    throw await explainStart(error, paths.stderr);
  }
}

/** The process in the way may be stuck: neither a cancel nor the run's own time limit waits for it. */
async function takeThread(threadId: string, { limits }: AskPlan, context: StartContext): Promise<Hold> {
  const { state, owner: own, askToYield } = context;
  const limit = timeLimit([context.signal], limits.totalMs > 0 ? limits.totalMs : null);
  try {
    return await holdThread(state, threadId, { own, askToYield, signal: limit.signal });
  } catch (error) {
    if (!limit.expired()) throw error;
    throw new AskCodexError("total_timeout", `session ${threadId} could not be taken within the run's time limit`);
  } finally {
    limit.clear();
  }
}

function threadTarget({ target, workspace, model }: AskPlan, { toolbox }: StartContext): ThreadTarget {
  if (target.type !== "new") return { type: target.type, threadId: target.threadId };
  if (workspace === null) throw new AskCodexError("internal", "a new session without a workspace");
  return { type: "new", cwd: workspace, model, tools: toolbox?.tools ?? [] };
}
