import { runDelegation } from "../../orchestrate/delegation/run.ts";
import type { OrchestrationOptions } from "../../orchestrate/queue/options.ts";
import type { Bounds } from "../../orchestrate/request/bounds.ts";
import type { LeadingParts } from "../worker/context.ts";
import type { Delegate } from "./delegate.ts";

/** Delegations that are carried out for real, within what the person allows. */
export function delegateFor({ log, context, env }: LeadingParts, options: OrchestrationOptions): Delegate {
  const { plan } = log.state.options;
  const { executor, claudeModel, executorSettings } = options;
  const { state, owner, search, version } = context;
  return ({ budgetUsd, signal, ...delegated }) =>
    runDelegation({
      ...delegated,
      bounds: boundsOf(options),
      executor,
      context: { state, owner, search, version, env, signal, toolbox: null, askToYield: async () => false },
      claude: {
        command: context.env["ASK_CODEX_CLAUDE"],
        env: context.env,
        home: search.home,
        model: claudeModel,
        budgetUsd,
        settings: executorSettings,
      },
      codex: { model: plan.model, effort: plan.effort },
      limits: { totalMs: plan.limits.totalMs, idleMs: plan.limits.idleMs },
    });
}

// What the project's own policy may lower further.
const MAX_FILES = 3;

function boundsOf({ scope, forbid, validation, bulkFiles }: OrchestrationOptions): Bounds {
  return { scope, forbid, validation, bulkFiles, maxFiles: MAX_FILES };
}
