import type { CommandRun } from "../../codex/command-run.ts";
import { markRefused } from "../../codex/mark-refused.ts";
import { declinedCalls, readRollout, refusedCommands, rolloutSize } from "../../codex/rollout.ts";
import { mismatches, type ResolvedSettings } from "../../codex/settings.ts";
import { runTurn } from "../../codex/turn/live.ts";
import type { TurnOutcome, TurnWatcher, UserInput } from "../../codex/turn/outcome.ts";
import type { AskContext } from "../model/context.ts";
import type { AskPlan } from "../model/plan.ts";
import type { RunJournal } from "../model/run-journal.ts";
import type { Session } from "../session/open-session.ts";
import { judgeTurn, settingsMismatch, type Verdict } from "./judge-turn.ts";

export interface FinishedTurn {
  readonly outcome: TurnOutcome;
  readonly verdict: Verdict;
  /** With those that the sandbox refused at once, of which no event told. */
  readonly commands: readonly CommandRun[];
  /** Codex's own record shows that the turn ran under the settings asked for. */
  readonly proved: boolean;
}

/** Runs one turn of the session, journals it, and proves from Codex's own record that it ran under the settings asked for. */
export async function takeTurn(
  session: Session,
  input: readonly UserInput[],
  first: boolean,
  plan: AskPlan,
  context: AskContext,
  journal: RunJournal,
): Promise<FinishedTurn> {
  const { server, threadId, rollout, settings } = session;
  const from = await rolloutSize(rollout);
  journal.append("turn_started", { session_id: threadId });
  const request = {
    threadId,
    input,
    settings: settings.turn,
    effortBefore: first ? session.effortBefore : settings.turn.effort,
    outputSchema: plan.outputSchema,
    limits: plan.limits,
  };
  const { signal, progress, attendant } = context;
  const ended = await runTurn(server, request, signal, journaling(journal, progress), attendant);
  const part = await readRollout(rollout, from);
  const outcome = { ...ended, declined: [...ended.declined, ...declinedCalls(part)] };
  const told = markRefused(outcome.turn.commands.toArray(), settings.turn.sandbox);
  const commands = [...told, ...refusedCommands(part, told)];
  const wrong = mismatchesOf(session, outcome, part.settings);
  const verdict = underSettings(judgeTurn(outcome), wrong);
  if (verdict.type === "asked") journal.append("question_asked", { questions: verdict.questions });
  journal.append("turn_ended", {
    session_id: threadId,
    turn_id: outcome.turn.id,
    end: outcome.end.type,
    verdict: verdict.type,
  });
  return { outcome, verdict, commands, proved: wrong.length === 0 };
}

/** The rollout knows best what the turn ran under, then the last notice, then what the thread was opened with. */
function mismatchesOf(session: Session, { turn }: TurnOutcome, rolled: ResolvedSettings | null): readonly string[] {
  const { sandbox: sandboxPolicy, reasoningEffort: effort, ...answer } = session.thread.answer;
  return mismatches(session.settings.turn, rolled ?? turn.settings ?? { ...answer, sandboxPolicy, effort });
}

/** An answer given under other settings than those asked for is no success. */
function underSettings(verdict: Verdict, wrong: readonly string[]): Verdict {
  return verdict.type !== "answered" || wrong.length === 0
    ? verdict
    : { type: "failed", error: settingsMismatch(wrong) };
}

/** Events of the turn that outlive it: commands, messages, questions, what was declined, time running out. */
function journaling(journal: RunJournal, progress: TurnWatcher): TurnWatcher {
  return {
    event(event, turn) {
      if (event.type === "item_completed" && event.item.type === "commandExecution") {
        const command = turn.commands.last();
        if (command) journal.append("command_finished", { command: command.command, exit_code: command.exitCode });
      } else if (event.type === "item_completed" && event.item.type === "agentMessage") {
        journal.append("message", { text: turn.messages.at(-1)?.text ?? "" });
      } else if (event.type === "problem") {
        journal.append("problem", { message: event.error.message, will_retry: event.willRetry });
      }
      progress.event(event, turn);
    },
    grace(event) {
      journal.append("grace_granted", { kind: event.kind, after_ms: Math.round(event.afterMs) });
      progress.grace(event);
    },
    declined(declined) {
      journal.append("request_declined", { what: declined.what, reason: declined.reason });
      progress.declined(declined);
    },
  };
}
