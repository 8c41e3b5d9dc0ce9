import { join } from "node:path";
import { serverOf } from "../../codex/app-server.ts";
import type { CodexCommand } from "../../codex/find-codex.ts";
import type { LaunchedCodex } from "../../codex/launch.ts";
import { openThread, type ThreadTarget } from "../../codex/open-thread.ts";
import { explainStart } from "../../codex/server-exit.ts";
import { AskCodexError } from "../../errors.ts";
import type { RunPaths } from "../../files/state-paths.ts";
import type { Hold } from "../../process/hold.ts";
import type { HeldCodex } from "../model/codex-source.ts";
import type { AskPlan } from "../model/plan.ts";
import type { StartContext } from "../model/start-context.ts";
import { requireThreadId } from "../model/thread-record.ts";
import { takeThread } from "./take-thread.ts";

export interface Opening {
  readonly plan: AskPlan;
  readonly context: StartContext;
  readonly paths: RunPaths;
  /** What was launched. */
  readonly command: CodexCommand;
  /** The hold on the thread; null: it is taken once the thread is known. */
  readonly early: Hold | null;
}

/**
 * Opens the thread in a Codex that was launched. A failure leaves neither the process nor a hold.
 * @throws AskCodexError, or the signal's reason
 */
export async function openLaunched(launched: LaunchedCodex, opening: Opening): Promise<HeldCodex> {
  const { plan, context, paths, command, early } = opening;
  const { elsewhere } = context;
  const server = serverOf(launched);
  try {
    const wanted = { target: threadTarget(plan, context), environment: elsewhere?.environment ?? null };
    const thread = await openThread(server, wanted, context.version, context.signal);
    const threadId = requireThreadId(thread.answer.thread.id);
    const hold = early ?? (await takeThread(threadId, plan, context));
    const record = thread.answer.thread.path ?? null;
    const rollout = elsewhere?.codex && record !== null ? join(paths.folder, "codex-record.jsonl") : record;
    return { server, command, thread, threadId, rollout, hold };
  } catch (error) {
    // Clean-up: what fails in it must not hide the cause.
    await Promise.allSettled([server.end({ urgent: true }), early?.release()]);
    throw await explainStart(error, paths.stderr);
  }
}

function threadTarget({ target, workspace, model }: AskPlan, { toolbox }: StartContext): ThreadTarget {
  if (target.type !== "new") return { type: target.type, threadId: target.threadId };
  if (workspace === null) throw new AskCodexError("internal", "a new session without a workspace");
  return { type: "new", cwd: workspace, model, tools: toolbox?.tools ?? [] };
}
