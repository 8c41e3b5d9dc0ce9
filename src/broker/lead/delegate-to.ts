import { dirname } from "node:path";
import type { DelegationOptions } from "../../orchestrate/delegation/options.ts";
import { runDelegation } from "../../orchestrate/delegation/run.ts";
import type { OrchestrationOptions } from "../../orchestrate/queue/options.ts";
import { type Bounds, MOST_FILES } from "../../orchestrate/request/bounds.ts";
import type { LeadingParts } from "../worker/context.ts";
import { planOnly } from "./plan-only.ts";
import type { Delegate, Delegated } from "./task/delegate.ts";

/** Delegations that are carried out within what the person allows; in a dry run they are checked, and nothing is started. */
export function delegateFor(parts: LeadingParts, options: OrchestrationOptions): Delegate {
  const { log, paths, context, env } = parts;
  const sessions = dirname(paths.folder);
  const { plan } = log.state.options;
  const { executor, claudeModel, executorSettings } = options;
  const { state, owner, search, version } = context;
  const given = ({ budgetUsd, earlier, signal, ...delegated }: Delegated): DelegationOptions => {
    return {
      ...delegated,
      bounds: boundsOf(options),
      executor,
      context: {
        ...{ state, sessions, owner, search, version, env, signal },
        toolbox: null,
        askToYield: async () => false,
      },
      claude: {
        command: context.env["ASK_CODEX_CLAUDE"],
        env: context.env,
        home: search.home,
        model: claudeModel,
        budgetUsd,
        earlier,
        settings: executorSettings,
      },
      codex: { model: plan.model, effort: plan.effort },
      limits: { totalMs: plan.limits.totalMs, idleMs: plan.limits.idleMs },
    };
  };
  return (delegated) => (options.dryRun ? planOnly(given(delegated)) : runDelegation(given(delegated)));
}

function boundsOf({ scope, forbid, validation, bulkFiles }: OrchestrationOptions): Bounds {
  return { scope, forbid, validation, bulkFiles, maxFiles: MOST_FILES };
}
