import type { CommandRun } from "../../codex/command-run.ts";
import { pathBetween, type RemoteEnvironment } from "../../codex/environment.ts";
import { turnTokens } from "../../codex/fold-turn.ts";
import {
  declinedCalls,
  type RolloutPart,
  readRollout,
  refusedCommands,
  rolloutSize,
  withRecordedOutput,
} from "../../codex/rollout.ts";
import { markRefused, sandboxFault } from "../../codex/sandbox/mark-refused.ts";
import { type RecordedAgent, recordedAgents } from "../../codex/turn/agent-records.ts";
import { runTurn } from "../../codex/turn/live.ts";
import type { TurnOutcome, UserInput } from "../../codex/turn/outcome.ts";
import { AskCodexError } from "../../errors.ts";
import { oneLine } from "../../text/defuse.ts";
import type { Agent } from "../model/agent.ts";
import type { AskContext } from "../model/context.ts";
import type { AskPlan } from "../model/plan.ts";
import type { RunJournal } from "../model/run-journal.ts";
import type { Session } from "../session/open-session.ts";
import { journaling } from "./journal-turn.ts";
import { judgeTurn, lastWords, settingsMismatch, type TurnVerdict } from "./judge-turn.ts";
import { proveSettings } from "./prove-settings.ts";

/** What a turn of a run is given. */
export interface TurnTask {
  readonly session: Session;
  readonly input: readonly UserInput[];
  /** The effort of the thread's turn before it. */
  readonly effortBefore: string | null;
  readonly plan: AskPlan;
  readonly context: AskContext;
  readonly journal: RunJournal;
}

export interface FinishedTurn {
  readonly outcome: TurnOutcome;
  readonly verdict: TurnVerdict;
  /** Including those that the sandbox refused at once, which no event reported. */
  readonly commands: readonly CommandRun[];
  readonly agents: readonly Agent[];
  /** Codex's own record shows that the turn and its sub-agents ran under the settings asked for. */
  readonly proved: boolean;
}

/** Runs one turn of the session, journals it, and proves from Codex's own record that it ran under the settings asked for. */
export async function takeTurn(task: TurnTask): Promise<FinishedTurn> {
  const { session, input, effortBefore, plan, context, journal } = task;
  const { server, threadId, rollout, settings } = session;
  if (plan.target.type !== "new") await copyRecord(session, context);
  const from = await rolloutSize(rollout);
  journal.append("turn_started", { session_id: threadId });
  const { outputSchema, limits } = plan;
  const environment = context.elsewhere?.environment ?? null;
  const request = { threadId, input, settings: settings.turn, effortBefore, outputSchema, limits, environment };
  const { signal, progress, attendant, toolbox } = context;
  const ended = await runTurn(server, request, { signal, watcher: journaling(journal, progress), attendant, toolbox });
  await copyRecord(session, context);
  const part = await readRollout(rollout, from);
  const recorded = await recordedAgents(server, ended.agents);
  const declined = [part, ...recorded.map(({ record }) => record)].flatMap(declinedCalls);
  const outcome = { ...ended, declined: [...ended.declined, ...declined] };
  const commands = commandsOf(outcome.turn, part, session).map((run) => asIfHere(run, environment));
  const proof = proveSettings(session, outcome.turn, { ofTurns: part.ofTurns, agents: recorded, environment });
  const verdict = inSandbox(underSettings(judgeTurn(outcome), proof.wrong), commands);
  const agents = recorded.map((agent) => toAgent(agent, session));
  if (verdict.type === "asked") journal.append("question_asked", { questions: verdict.questions });
  journal.append("turn_ended", {
    session_id: threadId,
    turn_id: outcome.turn.id,
    end: outcome.end.type,
    verdict: verdict.type,
    agents: agents.map((agent) => ({ thread_id: agent.threadId, status: agent.status })),
  });
  return { outcome, verdict, commands, agents, proved: proof.proved };
}

/** The record of a Codex on another machine is read here. */
async function copyRecord({ thread, rollout }: Session, { elsewhere }: AskContext): Promise<void> {
  const { path } = thread.answer.thread;
  if (elsewhere?.codex && path && rollout !== null) await elsewhere.codex.copyRecord(path, rollout);
}

function commandsOf(turn: TurnOutcome["turn"], record: RolloutPart, { settings }: Session): readonly CommandRun[] {
  const told = markRefused(withRecordedOutput(record, turn.commands.toArray()), settings.turn.sandbox);
  return [...told, ...refusedCommands(record, told)];
}

/** Where a command ran over there, as the folder here that stands for it. */
function asIfHere(run: CommandRun, environment: RemoteEnvironment | null): CommandRun {
  return environment === null ? run : { ...run, cwd: pathBetween(run.cwd, environment.cwd, environment.here) };
}

function toAgent({ threadId, name, turn, stopped, record }: RecordedAgent, session: Session): Agent {
  return {
    threadId,
    name,
    status: stopped ? "stopped" : turn.state === "completed" || turn.state === "failed" ? turn.state : "interrupted",
    commands: commandsOf(turn, record, session),
    tokens: turnTokens(turn),
    lastWords: lastWords(turn),
  };
}

/** An answer given under other settings than those asked for is not a success. */
function underSettings(verdict: TurnVerdict, wrong: readonly string[]): TurnVerdict {
  return verdict.type !== "answered" || wrong.length === 0
    ? verdict
    : { type: "failed", error: settingsMismatch(wrong) };
}

/** An answer of which no command got to run is not what was asked for, whatever it says. */
function inSandbox(verdict: TurnVerdict, commands: readonly CommandRun[]): TurnVerdict {
  const fault = verdict.type === "answered" ? sandboxFault(commands) : null;
  if (fault === null) return verdict;
  const message = `no command could run, because Codex's sandbox does not start here: ${oneLine(fault, 200)}`;
  const hint =
    "On Linux, allow user namespaces (bubblewrap); inside another sandbox, run it outside. `ask-codex doctor` tries it.";
  return { type: "failed", error: new AskCodexError("sandbox", message, { hint }) };
}
