import { rm } from "node:fs/promises";
import { runPaths } from "../../files/state-paths.ts";
import { makePrivateFolder } from "../../files/write-whole.ts";
import type { AskContext } from "../model/context.ts";
import type { LastStep } from "../model/last-step.ts";
import type { AskOutcome } from "../model/outcome.ts";
import type { AskPlan } from "../model/plan.ts";
import { openRunJournal } from "../model/run-journal.ts";
import { startSession } from "../session/start-session.ts";

/**
 * Runs one task to its end, whatever that is, and writes it down: the journal as it goes, report and result when it is over.
 * Nothing that was started is left running. Rejects, and leaves nothing behind, when the input itself was wrong in a way that
 * only Codex could know, or when not even the run's folder can be made.
 * @throws AskCodexError `session_unknown`, `session_busy`, `usage`
 */
export async function runTask(plan: AskPlan, context: AskContext): Promise<AskOutcome> {
  return run(plan, context, async () => (await import("./record.ts")).asItIs);
}

/** The same, with something to be done between the end of the work and its record. */
export async function runToLastStep<T>(plan: AskPlan, context: AskContext, step: LastStep<T>): Promise<T> {
  return run(plan, context, async () => step);
}

async function run<T>(plan: AskPlan, context: AskContext, lastStep: () => Promise<LastStep<T>>): Promise<T> {
  const startedAt = new Date();
  const own = runPaths(context.home, context.runId);
  const paths = { ...own, snapshot: context.snapshots ?? own.snapshot };
  await makePrivateFolder(paths.folder);
  const journal = openRunJournal(paths.events);
  try {
    journal.append("run_started", describePlan(plan, context));
    const unwritable = journal.failure();
    if (unwritable !== null) throw unwritable;
    const started = startSession(plan, context, paths);
    await started.catch(() => {}); // it is part of how far the attempt comes
    // Codex takes longer to start than all of this to load.
    const [{ attemptTask }, { conclude }] = await Promise.all([import("./attempt.ts"), import("./conclude.ts")]);
    const attempt = await attemptTask(started, { plan, context, paths, journal });
    if (attempt.session === null && attempt.error !== null && WRONG_INPUT.has(attempt.error.kind)) {
      await rm(paths.folder, { recursive: true, force: true });
      throw attempt.error;
    }
    // Only now is it sure that the input is right, and wrong input writes nothing.
    if (attempt.session === null && plan.eventsPath !== null) journal.copyTo(plan.eventsPath);
    return await conclude({ plan, context, paths, journal, startedAt, ...attempt }, await lastStep());
  } finally {
    journal.close();
  }
}

const WRONG_INPUT: ReadonlySet<string> = new Set(["session_unknown", "session_busy", "usage"]);

function describePlan(plan: AskPlan, { runId, version }: AskContext) {
  const { target, workspace, prompt } = plan;
  const session = target.type === "new" ? null : target.threadId;
  return { run_id: runId, version, target: target.type, session_id: session, workspace, prompt };
}
