import type { AskOutcome } from "../../ask/model/outcome.ts";
import type { AskPlan } from "../../ask/model/plan.ts";
import { progressLine } from "../../ask/report/progress-words.ts";
import { runTask } from "../../ask/run/task.ts";
import { ownCodex } from "../../ask/session/own-codex.ts";
import { collectDeeds } from "../../codex/turn/collect-deeds.ts";
import { AskCodexError } from "../../errors.ts";
import { lastWord } from "../../handoff/run/last-word.ts";
import type { LastWord } from "../../handoff/run/outcome.ts";
import type { Assignment } from "./assignment.ts";
import type { Execution } from "./execution.ts";
import type { DelegationOptions } from "./options.ts";
import { promptFor } from "./prompt.ts";

/** Lets a Codex of its own do a task, on a fresh thread or on that of the task. What goes wrong is part of what comes back. */
export async function codexExecution(assignment: Assignment, options: DelegationOptions): Promise<Execution> {
  const { id, folder, context, onProgress } = options;
  const deeds = collectDeeds(assignment.root);
  onProgress({ type: "started", executor: "codex", pid: null });
  const outcome = await runTask(planFor(assignment, options), {
    ...context,
    ...{ owner: { ...context.owner, runId: id }, toolbox: null, home: folder, runId: id, snapshots: null },
    ...{ codex: ownCodex(), attendant: null, reviewer: null, finalReviewer: null },
    progress: {
      opened: (conversation) => onProgress({ type: "conversation", conversation }),
      event(event, turn) {
        deeds.take(event);
        const text = progressLine(event, turn);
        if (text !== null) onProgress({ type: "action", text });
      },
      grace: () => {},
      declined: () => {},
      checking: () => {},
      checked: () => {},
      repairing: () => {},
      warned: (text) => onProgress({ type: "action", text }),
    },
  });
  const execution = { ...executionOf(outcome), deeds: deeds.all() };
  onProgress({ type: "usage", usage: execution.usage });
  return execution;
}

// A task by hand waits for a provider just as long.
const RETRY_WINDOW_MS = 300_000;

function planFor({ contract, kind, root, trusted }: Assignment, options: DelegationOptions): AskPlan {
  const { codex, conversation, conflict, limits } = options;
  return {
    prompt: promptFor({ contract, kind, trusted, again: conversation !== null, conflict }),
    target: conversation === null ? { type: "new" } : { type: "resume", threadId: conversation, record: null },
    workspace: root,
    sandbox: { mode: kind === "change" ? "workspace-write" : "read-only", network: false, addDirs: [] },
    ...{ model: codex.model, effort: codex.effort, approvals: "never", config: [], name: null, role: null },
    limits: { ...limits, retryWindowMs: RETRY_WINDOW_MS },
    checks: { expectFiles: [], verifyCommand: null, verifyRounds: 0, sandboxed: false },
    ...{ files: [], images: [], outputPath: null, eventsPath: null },
  };
}

function executionOf(outcome: AskOutcome): Omit<Execution, "deeds"> {
  const { answer, sessionId, tokens, receipt, survivors } = outcome;
  return {
    ...{
      error: errorOf(outcome),
      said: saidIn(outcome),
      notes: answer,
      denials: [],
      conversation: sessionId,
      survivors,
    },
    usage: {
      inputTokens: tokens?.inputTokens ?? 0,
      cachedInputTokens: tokens?.cachedInputTokens ?? 0,
      outputTokens: tokens?.outputTokens ?? 0,
      listPriceUsd: null,
      model: receipt.settings?.model ?? null,
    },
    remarks: [],
  };
}

function errorOf({ status, error, timeout, signal }: AskOutcome): AskCodexError | null {
  if (signal !== null) return null;
  if (error !== null || timeout === null || status !== "timeout") return error;
  const kind = timeout.kind === "idle" ? "idle_timeout" : "total_timeout";
  return new AskCodexError(kind, `Codex did not finish within ${Math.round(timeout.limitMs / 1000)} s`);
}

/** A question of Codex's is one that it is blocked by. */
function saidIn({ answer, status, questions }: AskOutcome): LastWord | null {
  if (status !== "pending_question") return lastWord(answer);
  return { word: "BLOCKED", text: questions.map(({ question }) => question).join("; ") };
}
