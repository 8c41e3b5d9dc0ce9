import { timeLimit, unlessAborted } from "../../bounds/time-limit.ts";
import { listModels, unlistedWords } from "../../codex/list-models.ts";
import { rolloutOf } from "../../codex/open-thread.ts";
import { readRollout } from "../../codex/rollout.ts";
import { missingMountPoints } from "../../codex/sandbox/mount-points.ts";
import type { TurnSettings } from "../../codex/settings.ts";
import type { RunPaths } from "../../files/state-paths.ts";
import type { OpenCodex } from "../model/codex-source.ts";
import type { AskContext } from "../model/context.ts";
import { beginEvidence, type Evidence } from "../model/evidence.ts";
import type { AskPlan } from "../model/plan.ts";
import { resolveSettings, type SessionSettings, type WorkingPlace } from "./resolve-settings.ts";
import { recordOf, type StartedSession } from "./start-session.ts";
import { requirePlace } from "./state-reach.ts";

/** An open thread, with everything settled for its next turn. */
export interface Session extends OpenCodex {
  readonly settings: SessionSettings;
  readonly effortBefore: string | null;
  readonly evidence: Evidence;
  /** Folders that Codex's sandbox may leave behind empty. */
  readonly mountPoints: readonly string[];
}

/**
 * Opens the session in a Codex that starts, and takes the first snapshot of the work tree, both at once where that can be. A failure leaves
 * no process behind.
 * @throws AskCodexError, or the signal's reason
 */
export async function openSession(
  { opened, early }: StartedSession,
  { plan, context, paths }: { plan: AskPlan; context: AskContext; paths: RunPaths },
): Promise<Session> {
  const record = recordOf(plan);
  const halt = new AbortController();
  const signal = timeLimit([context.signal, halt.signal]).signal;
  // What the flags and the record decide need not wait for Codex: the snapshot is taken while it starts.
  const looking = { plan, context, paths, signal };
  const begun = early === null ? null : evidenceAt(early, looking);
  let codex: OpenCodex | null = null;
  try {
    codex = await opened;
    const foreign = early === null ? (await readRollout(await historyOf(plan, codex), 0)).settings : null;
    const settings = resolveSettings(plan, record?.settings ?? foreign, codex.thread);
    // The user's own configuration may add folders, which only Codex knows.
    requirePlace(settings.turn, context, context.env);
    const warned = warnOfUnlisted(codex, settings.turn, { plan, context });
    // A model seldom is a slip, and the turn does not wait for it: the warning comes beside it, or not at all.
    if (plan.effort !== null) await warned;
    return {
      ...codex,
      settings,
      effortBefore: record === null ? (foreign?.effort ?? null) : record.last_effort,
      evidence: await (begun ?? evidenceAt(settings.turn, looking)),
      mountPoints: await missingMountPoints(sandboxRoots(settings.turn, plan)),
    };
  } catch (error) {
    halt.abort();
    // Clean-up: what fails in it must not hide the cause.
    await Promise.allSettled([leave(codex, context), begun?.then((evidence) => evidence.close())]);
    throw error;
  }
}

// Codex may ask its provider for the list; a run does not wait for that.
const LIST_LIMIT_MS = 2_000;

/** What Codex does not list is mostly a slip of the keyboard; where Codex cannot list any, nothing is said. Never rejects. */
async function warnOfUnlisted(
  { server, thread }: OpenCodex,
  turn: TurnSettings,
  { plan, context }: { readonly plan: AskPlan; readonly context: AskContext },
): Promise<void> {
  const { model, effort } = plan;
  const ownProvider = thread.answer.modelProvider === OWN_PROVIDER;
  if (effort === null && (model === null || !ownProvider)) return;
  const limit = timeLimit([context.signal], LIST_LIMIT_MS);
  const models = await unlessAborted(listModels(server, { hidden: true }), limit.signal).catch(() => []);
  limit.clear();
  for (const words of unlistedWords(models, turn, { model, effort, ownProvider })) context.progress.warned(words);
}

// With any other one, Codex lists models that it may not have, and not those that it has.
const OWN_PROVIDER = "openai";

/** The folders that commands in Codex's sandbox may write in: those of the turn, and those of our checks. */
function sandboxRoots({ cwd, sandbox }: WorkingPlace, { checks }: AskPlan): readonly string[] {
  const own = cwd === null ? [] : [cwd];
  if (sandbox.mode === "workspace-write") return [...own, ...sandbox.writableRoots];
  return checks.sandboxed ? own : [];
}

async function leave(codex: OpenCodex | null, context: AskContext): Promise<void> {
  if (codex === null) return;
  await context.codex.settle(codex, { urgent: true });
  await context.codex.release(codex);
}

/** The record of what went before: a fork's own is empty as long as nothing was said in it. */
async function historyOf({ target }: AskPlan, { server, rollout }: OpenCodex): Promise<string | null> {
  return target.type === "fork" ? rolloutOf(server, target.threadId) : rollout;
}

function evidenceAt(
  place: WorkingPlace,
  { plan, context, paths, signal }: { plan: AskPlan; context: AskContext; paths: RunPaths; signal: AbortSignal },
) {
  const { cwd, sandbox } = place;
  const { state, home, owner, runId } = context;
  const ours = [state, home, plan.outputPath, plan.eventsPath].filter((path) => path !== null);
  return beginEvidence({
    state,
    workspace: cwd ?? "/",
    sandbox,
    sandboxRoots: sandboxRoots(place, plan),
    folder: paths.snapshot,
    owner: { ...owner, runId },
    ours,
    signal,
  });
}
