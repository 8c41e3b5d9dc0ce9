import type { AppServer } from "../codex/app-server.ts";
import { ConnectionClosed } from "../codex/connection.ts";
import { type CodexCommand, findCodex } from "../codex/find-codex.ts";
import { missingMountPoints } from "../codex/mount-points.ts";
import { type OpenThread, rolloutOf, type ThreadTarget } from "../codex/open-thread.ts";
import { readRollout } from "../codex/rollout.ts";
import { openWithin, StartFailed, startCodex } from "../codex/start-codex.ts";
import { AskCodexError } from "../errors.ts";
import type { RunPaths } from "../files/state-paths.ts";
import type { AskContext } from "./context.ts";
import { beginEvidence, type Evidence } from "./evidence.ts";
import { serverGone } from "./judge-turn.ts";
import type { AskPlan } from "./plan.ts";
import { type Place, resolvePlace, resolveSettings, type SessionSettings } from "./resolve-settings.ts";
import { startFailure } from "./start-failure.ts";

/** An open thread, with everything settled for its next turn. */
export interface Session {
  readonly server: AppServer;
  readonly command: CodexCommand;
  readonly thread: OpenThread;
  readonly threadId: string;
  readonly rollout: string | null;
  readonly settings: SessionSettings;
  readonly effortBefore: string | null;
  readonly evidence: Evidence;
  /** Folders that Codex's sandbox may leave behind empty. */
  readonly mountPoints: readonly string[];
}

/**
 * Starts Codex, opens the thread and takes the first snapshot of the work tree, all at once where that can be. A failure
 * leaves no process behind.
 * @throws AskCodexError, or the signal's reason
 */
export async function openSession(plan: AskPlan, context: AskContext, paths: RunPaths): Promise<Session> {
  const record = plan.target.type === "new" ? null : plan.target.record;
  const command = await findCodex(context.search);
  const server = startCodex(command, {
    config: plan.config,
    cwd: plan.workspace ?? record?.settings.cwd ?? "/",
    env: context.env,
    runId: context.owner.runId,
    stderrPath: paths.stderr,
  });
  const halt = new AbortController();
  const signal = AbortSignal.any([context.signal, halt.signal]);
  // What the flags and the record decide need not wait for Codex: the snapshot is taken while it starts.
  const early = plan.target.type === "new" || record !== null ? resolvePlace(plan, record?.settings ?? null) : null;
  const begun = early === null ? null : evidenceAt(early, plan, context, paths, signal);
  try {
    const thread = await openWithin(server, threadTarget(plan), context.version, context.signal);
    const rollout = thread.answer.thread.path ?? null;
    const foreign = early === null ? (await readRollout(await historyOf(plan, server, rollout), 0)).settings : null;
    const settings = resolveSettings(plan, record?.settings ?? foreign, thread);
    return {
      server,
      command,
      thread,
      threadId: thread.answer.thread.id,
      rollout,
      settings,
      effortBefore: record === null ? (foreign?.effort ?? null) : record.last_effort,
      evidence: await (begun ?? evidenceAt(settings.turn, plan, context, paths, signal)),
      mountPoints: await missingMountPoints(settings.turn),
    };
  } catch (error) {
    halt.abort();
    // Clean-up: what fails in it must not hide the cause.
    await Promise.allSettled([server.end(true), begun?.then((evidence) => evidence.close())]);
    throw await explain(error, server, paths);
  }
}

/** The record of what went before: a fork's own is empty as long as nothing was said in it. */
async function historyOf({ target }: AskPlan, server: AppServer, own: string | null): Promise<string | null> {
  return target.type === "fork" ? rolloutOf(server, target.threadId) : own;
}

function evidenceAt(
  { cwd, sandbox }: Place,
  plan: AskPlan,
  { state, owner }: AskContext,
  { snapshot: folder }: RunPaths,
  signal: AbortSignal,
) {
  const ours = [state, plan.outputPath, plan.eventsPath].filter((path) => path !== null);
  return beginEvidence({ state, workspace: cwd ?? "/", sandbox, folder, owner, ours, signal });
}

/** The exit of the server explains more than the broken connection that came with it. */
async function explain(error: unknown, server: AppServer, paths: RunPaths): Promise<unknown> {
  if (error instanceof StartFailed) return startFailure(error.exit, paths.stderr);
  if (error instanceof ConnectionClosed) return serverGone(await server.exited);
  return error;
}

function threadTarget({ target, workspace, model }: AskPlan): ThreadTarget {
  if (target.type !== "new") return { type: target.type, threadId: target.threadId };
  if (workspace === null) throw new AskCodexError("internal", "a new session without a workspace");
  return { type: "new", cwd: workspace, model };
}
