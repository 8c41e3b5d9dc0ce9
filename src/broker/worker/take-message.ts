import { existsSync } from "node:fs";
import type { AskContext } from "../../ask/model/context.ts";
import type { AskOutcome } from "../../ask/model/outcome.ts";
import type { PlanTarget } from "../../ask/model/plan.ts";
import { readThreadRecord } from "../../ask/model/thread-record.ts";
import { countRun } from "../../ask/report/ledger-entry.ts";
import { runTask } from "../../ask/run/task.ts";
import { AskCodexError, ERROR_KINDS, exitCodeOf, type Status } from "../../errors.ts";
import { readPlainOr } from "../../files/read-plain.ts";
import { newId } from "../../files/state-paths.ts";
import { writeWhole } from "../../files/write-whole.ts";
import type { Queued } from "../store/message.ts";
import type { SessionLog } from "../store/session-log.ts";
import { planFor } from "../store/session-options.ts";
import type { SessionPaths } from "../store/session-paths.ts";
import type { RunStatus } from "../store/statuses.ts";
import type { Leading } from "./leading.ts";
import type { SessionAttendant } from "./session-attendant.ts";

/** What a run of the session is given, but for its own id. */
export type RunContext = Omit<AskContext, "runId">;

/** What a message is run with. */
export interface MessageOptions {
  readonly log: SessionLog;
  readonly paths: SessionPaths;
  readonly context: RunContext;
  readonly attendant: Pick<SessionAttendant, "asked" | "unanswered">;
  /** Of an orchestration. */
  readonly leading: Leading | null;
}

/**
 * Runs one message of the session to its end and journals it: begun before Codex gets it, ended before the message is taken out
 * of the queue. So it runs once, or is known to have been interrupted.
 */
export async function takeMessage(message: Queued, options: MessageOptions): Promise<void> {
  const { log, paths, attendant } = options;
  // Its sender could not be answered meanwhile, and has taken it back.
  if (!existsSync(message.file)) return;
  const runId = newId();
  log.record("run_started", { run_id: runId, message: message.message, message_id: message.message_id });
  log.say(`Starting run ${runId}`);
  void log.publish();
  const ended = await attempt(message, options, runId);
  const report = ended.outputPath === null ? null : readPlainOr(ended.outputPath, null);
  if (report !== null) await writeWhole(paths.latest, report).catch(() => {});
  const { status, exitCode, errorKind, outputPath, questions } = ended;
  log.record("run_finished", {
    run_id: runId,
    status: LAST_RUN_STATUS[status],
    output_path: outputPath,
    exit_code: exitCode,
    message_id: message.message_id,
    error_kind: errorKind,
    questions: [...questions],
    // The next would fare no better: Codex cannot work now, or we cannot (a full disk).
    queue_held: status === "fatal" || errorKind === "internal" || errorKind === "system",
    unanswered: attendant.unanswered,
  });
  log.say(`Run ${runId} finished with exit ${exitCode} (${LAST_RUN_STATUS[status]})`);
}

interface Ended {
  readonly status: Status;
  readonly exitCode: number;
  readonly errorKind: string | null;
  readonly outputPath: string | null;
  readonly questions: readonly string[];
}

async function attempt(message: Queued, options: MessageOptions, runId: string): Promise<Ended> {
  const { log, attendant, leading } = options;
  const context: AskContext = { ...options.context, runId };
  try {
    const target = await targetOf(log, context.state);
    const plan = planFor(log.state.options, message.message, message.options, target);
    const outcome = await (leading === null ? runTask(plan, context) : leading.run(plan, context));
    const { workspace, worktree } = log.state.options;
    const project = worktree?.repository ?? null;
    const run = {
      kind: leading === null ? "session" : "orchestration",
      workspace,
      project,
      asked: attendant.asked,
    } as const;
    const uncounted = await countRun(context.state, outcome, run);
    if (uncounted !== null) log.progress(`[WARNING] ${uncounted}`);
    return fromOutcome(outcome);
  } catch (error) {
    if (!(error instanceof AskCodexError)) throw error;
    log.progress(`[ERROR] ${error.kind}: ${error.message}`);
    const { status } = ERROR_KINDS[error.kind];
    return { status, exitCode: exitCodeOf(status), errorKind: error.kind, outputPath: null, questions: [] };
  }
}

function fromOutcome({ status, signal, error, outputPath, questions }: AskOutcome): Ended {
  const asked = status === "pending_question" ? questions.map(({ question }) => question) : [];
  return { status, exitCode: exitCodeOf(status, signal), errorKind: error?.kind ?? null, outputPath, questions: asked };
}

/** The session's thread, or where its first one comes from. */
async function targetOf({ state }: SessionLog, home: string): Promise<PlanTarget> {
  const from = state.threadId === null ? state.options.from : { type: "resume" as const, threadId: state.threadId };
  if (from === null) return { type: "new" };
  return { ...from, record: await readThreadRecord(home, from.threadId) };
}

/** Our endings in the original's words. */
const LAST_RUN_STATUS: Readonly<Record<Status, RunStatus>> = {
  completed: "completed",
  pending_question: "waiting_for_input",
  timeout: "timeout",
  fatal: "fatal_error",
  failed: "error",
  validation_failed: "error",
  partial: "error",
  no_change: "error",
  contract_violation: "error",
  cancelled: "interrupted",
};
