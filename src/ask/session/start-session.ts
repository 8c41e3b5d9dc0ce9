import type { RunPaths } from "../../files/state-paths.ts";
import type { StartedCodex } from "../model/codex-source.ts";
import type { AskContext } from "../model/context.ts";
import type { AskPlan } from "../model/plan.ts";
import type { ThreadRecord } from "../model/thread-record.ts";
import { resolvePlace, type WorkingPlace } from "./resolve-settings.ts";
import { requirePlace } from "./state-reach.ts";

/** A session whose Codex is on its way. */
export interface StartedSession extends StartedCodex {
  /** Where it works, as far as flags and record decide it; null: only Codex knows it. */
  readonly early: WorkingPlace | null;
}

/**
 * Makes sure of where the session works, and starts Codex. A failure leaves no process behind.
 * @throws AskCodexError, or the signal's reason
 */
export async function startSession(plan: AskPlan, context: AskContext, paths: RunPaths): Promise<StartedSession> {
  const record = recordOf(plan);
  const early = plan.target.type === "new" || record !== null ? resolvePlace(plan, record?.settings ?? null) : null;
  if (early !== null) requirePlace(early, context, context.env);
  const { opened } = await context.codex.start(plan, context, paths);
  // Whoever waits for it hears of it, and more is loaded before that.
  opened.catch(() => {});
  return { opened, early };
}

/** What is known of the session that the plan goes on with. */
export function recordOf({ target }: AskPlan): ThreadRecord | null {
  return target.type === "new" ? null : target.record;
}
