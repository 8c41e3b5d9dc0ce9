import { type AskCodexError, asExpected, type CancelSignal, cancelSignalOf } from "../../errors.ts";
import type { RunPaths } from "../../files/state-paths.ts";
import type { AskContext } from "../model/context.ts";
import type { AskPlan } from "../model/plan.ts";
import type { RunJournal } from "../model/run-journal.ts";
import { openSession, type Session } from "../session/open-session.ts";
import { recordStart } from "../session/record-session.ts";
import type { StartedSession } from "../session/start-session.ts";
import { doWork, type Work } from "./do-work.ts";

/** How far a run came: each part is null when the run did not get there. */
export interface Attempt {
  readonly session: Session | null;
  readonly work: Work | null;
  readonly error: AskCodexError | null;
  readonly signal: CancelSignal | null;
}

export interface Attempted {
  readonly plan: AskPlan;
  readonly context: AskContext;
  readonly paths: RunPaths;
  readonly journal: RunJournal;
}

/** Opens the session that was started, and does the work. Never rejects: what went wrong is part of how far it came. */
export async function attemptTask(
  started: Promise<StartedSession>,
  { plan, context, paths, journal }: Attempted,
): Promise<Attempt> {
  let session: Session | null = null;
  let work: Work | null = null;
  let error: AskCodexError | null = null;
  try {
    session = await openSession(await started, { plan, context, paths });
    if (plan.eventsPath !== null) journal.copyTo(plan.eventsPath);
    await recordStart(session, plan, context);
    journal.append("session_opened", describeSession(session, context));
    context.progress.opened(session.threadId, plan.outputPath ?? paths.report);
    work = await doWork(session, { plan, context, journal, folder: paths.folder });
  } catch (thrown) {
    if (!context.signal.aborted) error = asExpected(thrown);
  }
  // Whatever ended the turn, its calls may still have work of ours under way.
  await context.toolbox?.rest();
  const signal = context.signal.aborted ? cancelSignalOf(context.signal.reason) : null;
  return { session, work, error, signal };
}

function describeSession({ threadId, thread, command, settings, rollout }: Session, { elsewhere }: AskContext) {
  return {
    session_id: threadId,
    codex_version: thread.codexVersion,
    codex_program: elsewhere?.codex?.program ?? command.program,
    settings: settings.turn,
    rollout,
  };
}
