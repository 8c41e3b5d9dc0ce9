import type { AskPlan } from "../../ask/model/plan.ts";
import type { Contract } from "../../handoff/document/handoff.ts";
import type { Asks } from "../wire/offer.ts";

/** What a task asks of the machine that carries it out, read from what Codex and the shell are really given there. */
export function asksOf(
  { plan, contract }: { readonly plan: AskPlan; readonly contract: Contract | null },
  { setup, files }: { readonly setup: string | null; readonly files: Asks["writes"] },
): Asks {
  const { sandbox, model, config, checks, limits } = plan;
  const validation = contract?.handoff.validation ?? [];
  return {
    sandbox: sandbox.mode ?? "workspace-write",
    network: sandbox.network,
    // A document's own bounds are its judge's.
    writes: sandbox.mode === "read-only" ? [] : contract === null ? files : null,
    model,
    config,
    commands: [setup, checks.verifyCommand, ...validation].filter((command) => command !== null),
    timeout: limits.totalMs / 1000,
  };
}
