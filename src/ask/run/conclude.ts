import { rm } from "node:fs/promises";
import { type TimeLimit, timeLimit } from "../../bounds/time-limit.ts";
import { removeMountPoints } from "../../codex/sandbox/mount-points.ts";
import type { Status } from "../../errors.ts";
import type { RunPaths } from "../../files/state-paths.ts";
import type { AskContext } from "../model/context.ts";
import type { Changes } from "../model/evidence.ts";
import type { LastStep } from "../model/last-step.ts";
import type { AskOutcome, TimeoutFacts } from "../model/outcome.ts";
import type { AskPlan } from "../model/plan.ts";
import { closingQuestion, type Question } from "../model/question.ts";
import type { RunJournal } from "../model/run-journal.ts";
import { notTold } from "../report/told-warnings.ts";
import { failureStatus, lastWords } from "../turn/judge-turn.ts";
import type { Attempt } from "./attempt.ts";
import { workTokens } from "./do-work.ts";
import { recordRun, writeFiles } from "./record.ts";

export interface RunEnding extends Attempt {
  readonly plan: AskPlan;
  readonly context: AskContext;
  readonly paths: RunPaths;
  readonly journal: RunJournal;
  readonly startedAt: Date;
  /** Warnings of Codex that no report has shown today. */
  readonly newWarnings: readonly string[];
}

// Claude Code sends SIGKILL 1.5 s after SIGTERM; all must be said and done by then.
const EVIDENCE_AFTER_CANCEL_MS = 400;

/**
 * Ends what still runs, gathers what can be proved, takes the last step, and writes down what has come of it. A cancelled run writes
 * its report first.
 */
export async function conclude<T>(attempt: Omit<RunEnding, "newWarnings">, step: LastStep<T>): Promise<T> {
  const { session, signal, context, paths } = attempt;
  let looked = false;
  try {
    const warnings = attempt.work?.last.outcome.turn.warnings ?? [];
    const ending = { ...attempt, newWarnings: await notTold(context.state, warnings, attempt.startedAt) };
    // Before anything that can take long.
    if ((ending.work?.changes ?? null) === null) await writeEarly(ending, step);
    const survivors = session === null ? [] : await context.codex.settle(session, { urgent: signal !== null });
    const changes = await changesOf(ending);
    looked = changes.type !== "unknown";
    // Another run may use them: its sandbox would lose what it protects.
    if (session !== null && (await session.evidence.alone())) await removeMountPoints(session.mountPoints);
    const pids = survivors.map(({ pid }) => pid);
    const run = outcomeOf(ending, changes, pids);
    return await recordRun(await step.take(run, ending.journal), run, { ...ending, step });
  } finally {
    // Clean-up; what fails here (a full disk) is found and fixed by the next run.
    await Promise.allSettled([session?.evidence.close()]);
    await Promise.allSettled([
      session === null ? null : context.codex.release(session),
      // A look that failed may have left it in disorder.
      context.snapshots !== null && looked ? null : rm(paths.snapshot, { recursive: true, force: true }),
    ]);
  }
}

async function writeEarly<T>(ending: RunEnding, step: LastStep<T>): Promise<void> {
  const outcome = step.early(outcomeOf(ending, NOT_LOOKED, []));
  if (outcome !== null) await writeFiles(outcome, { ...ending, step });
}

const NOT_LOOKED: Changes = { type: "unknown", reason: "the run was ended before the work tree was looked at" };

async function changesOf({ session, work, signal, context }: RunEnding): Promise<Changes> {
  if (session === null || work === null) return { type: "unknown", reason: "Codex did not get to work" };
  const look = (limit: TimeLimit) => session.evidence.collect(limit.signal).finally(limit.clear);
  const within = () => (signal === null ? timeLimit([context.signal]) : timeLimit([], EVIDENCE_AFTER_CANCEL_MS));
  const changes = work.changes ?? (await look(within()));
  if (changes.type !== "read_only" || work.turns.every(({ proved }) => proved)) return changes;
  return { type: "unknown", reason: "Codex has not shown that the sandbox was read-only" };
}

function outcomeOf(ending: RunEnding, changes: Changes, survivors: readonly number[]): AskOutcome {
  const { plan, context, paths, session, work, signal, startedAt } = ending;
  const verdict = work?.last.verdict ?? null;
  const turn = work?.last.outcome.turn ?? null;
  const error = ending.error ?? (verdict?.type === "failed" ? verdict.error : null);
  const answer = verdict?.type === "answered" ? verdict.answer : turn === null ? "" : lastWords(turn);
  const closing = verdict?.type === "answered" ? closingQuestion(verdict.answer) : null;
  const questions = verdict?.type === "asked" ? verdict.questions : closing === null ? [] : [closing];
  return {
    status: signal !== null ? "cancelled" : error !== null ? failureStatus(error) : answeredStatus(ending, questions),
    runId: context.runId,
    outputPath: plan.outputPath ?? paths.report,
    outputRefused: null,
    sessionId: session?.threadId ?? (plan.target.type === "resume" ? plan.target.threadId : null),
    error: signal === null ? error : null,
    signal,
    answer,
    turn,
    commands: work?.turns.flatMap(({ commands }) => commands) ?? [],
    agents: work?.turns.flatMap(({ agents }) => agents) ?? [],
    checks: work?.checks ?? [],
    questions,
    declined: work?.turns.flatMap(({ outcome }) => outcome.declined) ?? [],
    changes,
    tokens: work === null ? null : workTokens(work),
    rounds: Math.max(0, (work?.turns.length ?? 0) - 1),
    firstPass: work?.firstPass ?? null,
    elapsedMs: Date.now() - startedAt.getTime(),
    timeout: timeoutFacts(ending),
    newWarnings: ending.newWarnings,
    receipt: {
      codexVersion: session?.thread.codexVersion ?? null,
      codexProgram: (session && context.elsewhere?.codex?.program) ?? session?.command.program ?? null,
      login: session?.thread.login ?? null,
      settings: session?.settings.turn ?? null,
      role: plan.role?.name ?? null,
      rollout: session?.rollout ?? null,
      startedAt: startedAt.toISOString(),
    },
    survivors,
  };
}

/**
 * The checks that were asked for decide; a closing question counts only where they do not settle it: none was asked for, or one
 * failed, and the answer may be what was missing.
 */
function answeredStatus({ work }: RunEnding, questions: readonly Question[]): Status {
  const checks = work?.checks ?? [];
  const failed = checks.some(({ passed }) => !passed);
  if (work?.last.verdict.type === "asked") return "pending_question";
  if (questions.length > 0 && (checks.length === 0 || failed)) return "pending_question";
  return failed ? "validation_failed" : "completed";
}

function timeoutFacts({ work, plan }: RunEnding): TimeoutFacts | null {
  const end = work?.last.outcome.end;
  if (end?.type !== "timeout") return null;
  const { first, last } = end.expiry;
  const limitMs = last.kind === "idle" ? plan.limits.idleMs : plan.limits.totalMs;
  return { kind: last.kind, limitMs, lastMs: last.afterMs, firstKind: first.kind, firstMs: first.afterMs };
}
