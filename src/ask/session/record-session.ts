import { oneLine } from "../../text/defuse.ts";
import type { AskContext } from "../model/context.ts";
import type { AskOutcome } from "../model/outcome.ts";
import type { AskPlan } from "../model/plan.ts";
import { readThreadRecord, type ThreadRecord, writeThreadRecord } from "../model/thread-record.ts";
import type { Session } from "./open-session.ts";

/** Writes down what a later run needs to go on with the session, before the turn begins: whatever happens, it can go on. */
export async function recordStart(session: Session, plan: AskPlan, { state, runId }: AskContext): Promise<void> {
  const { threadId, settings } = session;
  const before = plan.target.type === "new" ? null : plan.target.record;
  const now = new Date().toISOString();
  // A fork is a session of its own: it goes by its parent's settings and by no parent's name.
  const kept = plan.target.type === "fork" ? null : before;
  const record: ThreadRecord = {
    schema_version: 1,
    thread_id: threadId,
    name: plan.name ?? kept?.name ?? null,
    workspace: kept?.workspace ?? settings.own.cwd,
    settings: settings.own,
    last_effort: settings.turn.effort,
    open_questions: [],
    title: kept?.title ?? oneLine(plan.prompt.trimStart().split("\n", 1)[0] ?? "", 80),
    last_status: "running",
    last_run_id: runId,
    created_at: kept?.created_at ?? now,
    updated_at: now,
  };
  await writeThreadRecord(state, record);
}

/** Notes how the run ended, and the questions that the next message answers. */
export async function recordEnd(outcome: AskOutcome, { state }: AskContext): Promise<void> {
  if (outcome.sessionId === null) return;
  const record = await readThreadRecord(state, outcome.sessionId);
  if (record === null || record.last_run_id !== outcome.runId) return;
  const native = outcome.status === "pending_question" && outcome.turn?.state !== "completed";
  await writeThreadRecord(state, {
    ...record,
    // A closing question stands in the thread already; one that interrupted the turn does not.
    open_questions: native ? outcome.questions.map(({ question }) => question) : [],
    last_status: outcome.status,
    updated_at: new Date().toISOString(),
  });
}
