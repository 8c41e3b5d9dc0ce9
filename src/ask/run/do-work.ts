import { setImmediate } from "node:timers/promises";
import { pathBetween } from "../../codex/environment.ts";
import { turnTokens } from "../../codex/fold-turn.ts";
import type { Tokens } from "../../codex/messages.ts";
import type { UserInput } from "../../codex/turn/outcome.ts";
import { AskCodexError } from "../../errors.ts";
import type { CheckResult } from "../model/checks.ts";
import type { AskContext } from "../model/context.ts";
import type { Changes } from "../model/evidence.ts";
import type { AskPlan } from "../model/plan.ts";
import { closingQuestion } from "../model/question.ts";
import type { RunJournal } from "../model/run-journal.ts";
import { resolveFileReferences } from "../prompt/file-reference.ts";
import { answerFrame, frameFor } from "../prompt/frame.ts";
import type { Session } from "../session/open-session.ts";
import { type FinishedTurn, takeTurn } from "../turn/take-turn.ts";
import { workJudge } from "./judge-work.ts";
import { requestedChecks } from "./requested-checks.ts";

/** What the turns of a run have come to. */
export interface Work {
  readonly turns: readonly FinishedTurn[];
  readonly last: FinishedTurn;
  /** The results of the last round that reached its checks. */
  readonly checks: readonly CheckResult[];
  /** Every check of the first round held; null: none was run to its end. */
  readonly firstPass: boolean | null;
  /** Null when no snapshot was taken yet: a turn that Codex did not end by itself is ended first. */
  readonly changes: Changes | null;
}

/** What the turns of a run need beside their session. */
export interface WorkOptions {
  readonly plan: AskPlan;
  readonly context: AskContext;
  readonly journal: RunJournal;
  /** The run's own folder: the output of checks stays there. */
  readonly folder: string;
}

/** Puts the task to Codex, checks the answer, and hands failures back, as often as was asked for. */
export async function doWork(session: Session, { plan, context, journal, folder }: WorkOptions): Promise<Work> {
  let checks: readonly CheckResult[] = [];
  let firstPass: boolean | null = null;
  await context.reviewer?.begin({
    workspace: session.settings.turn.cwd,
    codex: session.command,
    env: context.env,
    folder,
    signal: context.signal,
  });
  const given = { session, plan, context, journal };
  const judge = workJudge(plan, context, context.reviewer ?? requestedChecks(plan, context, session.evidence));
  const input = await firstInput(plan, session, context);
  const turns = [await takeTurn({ ...given, input, effortBefore: session.effortBefore })];
  for (let round = 0; ; round++) {
    const last = turns.at(-1) as FinishedTurn;
    if (mayHaveWritten(last)) session.evidence.acted();
    if (!context.signal.aborted) await context.elsewhere?.bring(context.signal);
    if (last.verdict.type !== "answered") {
      const changes = isEndedByCodex(last) && !context.signal.aborted ? await endAndCollect(session, context) : null;
      return { turns, last, checks, firstPass, changes };
    }
    const { answer } = last.verdict;
    const lastRound = !judge.mayRepair() || closingQuestion(answer) !== null;
    // Before the checks: what they leave in the work tree is not Codex's doing.
    const changes = lastRound ? await endAndCollect(session, context) : await session.evidence.collect(context.signal);
    // What our own tools have changed is theirs to say.
    const broken = context.toolbox === null ? sandboxBroken(session, changes) : null;
    if (broken !== null) {
      const verdict = { type: "failed" as const, error: broken };
      return { turns, last: { ...last, verdict }, checks, firstPass, changes };
    }
    const { env, signal } = context;
    const work = {
      answer,
      changes,
      round,
      threadId: session.threadId,
      workspace: session.settings.turn.cwd,
      codex: session.command,
      env,
      folder,
      signal,
    };
    const review = await judge.review(work);
    checks = review.checks;
    if (round === 0 && checks.length > 0 && !signal.aborted) firstPass = checks.every(({ passed }) => passed);
    for (const result of checks) {
      journal.append("check_finished", { type: result.type, subject: result.subject, passed: result.passed });
      context.progress.checked(result);
    }
    const text = review.repair;
    if (text === null || lastRound || signal.aborted) return { turns, last, checks, firstPass, changes };
    await session.evidence.disown(signal);
    context.progress.repairing(round + 1, judge.rounds);
    const repair = [{ type: "text" as const, text }];
    turns.push(await takeTurn({ ...given, input: repair, effortBefore: session.settings.turn.effort }));
  }
}

function mayHaveWritten({ commands, agents }: FinishedTurn): boolean {
  return [...commands, ...agents.flatMap((agent) => agent.commands)].some(({ readOnly }) => !readOnly);
}

/** Codex has failed and says so: its server is there, and can leave while we look. */
function isEndedByCodex({ outcome }: FinishedTurn): boolean {
  return outcome.end.type === "ended";
}

/** The work tree changed during a read-only run: whoever wrote, it is not what was promised. */
function sandboxBroken({ settings }: Session, changes: Changes): AskCodexError | null {
  if (settings.turn.sandbox.mode !== "read-only" || changes.type !== "listed") return null;
  const hint =
    "If nothing else wrote there meanwhile, look at Commands, and at Codex's own tools (MCP): they are outside the sandbox.";
  const message = "the run was read-only and ran commands, and the work tree is not as it was";
  return new AskCodexError("sandbox", message, { hint });
}

/** Tokens of all the run's turns and their sub-agents together; null when Codex reported none. */
export function workTokens({ turns }: Work): Tokens | null {
  const counts = turns.flatMap(({ outcome, agents }) => [
    ...[turnTokens(outcome.turn) ?? []].flat(),
    ...agents.flatMap(({ tokens }) => tokens ?? []),
  ]);
  if (counts.length === 0) return null;
  const sum = (field: keyof Tokens) => counts.reduce((total, count) => total + count[field], 0);
  return {
    inputTokens: sum("inputTokens"),
    cachedInputTokens: sum("cachedInputTokens"),
    outputTokens: sum("outputTokens"),
    reasoningOutputTokens: sum("reasoningOutputTokens"),
    totalTokens: sum("totalTokens"),
  };
}

/** What Codex left running may still write: only where nothing runs any more do ending and looking go side by side. */
async function endAndCollect(session: Session, { codex, signal }: AskContext): Promise<Changes> {
  if (!(await session.server.idle())) await codex.settle(session);
  // A server takes longer to leave than git to look, so it is asked to leave first.
  const settled = codex.settle(session);
  const looked = setImmediate().then(() => session.evidence.collect(signal));
  const [changes] = await Promise.all([looked, settled]);
  return changes;
}

/** The task as it was written is the last item; what we have to say beside it comes before. */
async function firstInput(
  plan: AskPlan,
  { settings }: Session,
  { elsewhere }: AskContext,
): Promise<readonly UserInput[]> {
  const { prompt, images, target } = plan;
  const found = await resolveFileReferences(plan.files, settings.turn.cwd);
  const files = found.map(({ told, exists }) => {
    const path = elsewhere ? pathBetween(told, settings.turn.cwd, elsewhere.environment.cwd) : told;
    return { told: path, exists };
  });
  const questions = target.type === "resume" ? (target.record?.open_questions ?? []) : [];
  const frames = [
    frameFor(target.type === "new" ? "new" : "follow_up", files, plan.role),
    questions.length > 0 ? answerFrame(questions) : null,
  ];
  return [
    ...frames.flatMap((text) => (text === null ? [] : [{ type: "text" as const, text }])),
    ...images.map((path) => ({ type: "localImage" as const, path })),
    { type: "text", text: prompt },
  ];
}
