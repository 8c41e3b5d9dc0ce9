import { join } from "node:path";
import { NO_EARLIER_RUNS } from "../../../src/claude/price.ts";
import { newId } from "../../../src/files/state-paths.ts";
import type { DelegationOptions, DelegationProgress } from "../../../src/orchestrate/delegation/options.ts";
import type { Outcome } from "../../../src/orchestrate/delegation/outcome.ts";
import { runDelegation } from "../../../src/orchestrate/delegation/run.ts";
import type { Bounds } from "../../../src/orchestrate/request/bounds.ts";
import type { DelegationRequest } from "../../../src/orchestrate/request/schema.ts";
import { childEnvironment } from "../../../src/process/environment.ts";
import { ownHolder } from "../../../src/process/own-holder.ts";
import { ROOT } from "../paths.ts";
import { bounds } from "../samples/delegation.ts";
import type { World } from "../world.ts";

/** What differs from the usual delegation of a test. */
export interface Differing extends Partial<Omit<DelegationOptions, "request" | "bounds" | "claude">> {
  readonly bounds?: Partial<Bounds>;
  readonly claude?: Partial<DelegationOptions["claude"]>;
  readonly signal?: AbortSignal;
}

export interface Delegated {
  readonly outcome: Outcome;
  readonly progress: readonly DelegationProgress[];
  readonly id: string;
}

/** Carries out a request in the workspace of a world, in this process. */
export async function delegate(world: World, request: DelegationRequest, differs: Differing = {}): Promise<Delegated> {
  const progress: DelegationProgress[] = [];
  const options = await optionsFor(world, request, { onProgress: (one) => void progress.push(one), ...differs });
  return { outcome: await runDelegation(options), progress, id: options.id };
}

/** What a delegation in a world is given. */
export async function optionsFor(
  world: World,
  request: DelegationRequest,
  differs: Differing = {},
): Promise<DelegationOptions> {
  const { bounds: allowed, claude, signal = new AbortController().signal, ...rest } = differs;
  const id = differs.id ?? newId();
  return {
    request,
    workspace: world.workspace,
    bounds: bounds(allowed),
    executor: "claude",
    conversation: null,
    conflict: [],
    id,
    folder: join(world.state, "delegations", id),
    context: {
      state: world.state,
      sessions: join(world.state, "sessions"),
      owner: await ownHolder(id),
      askToYield: async () => false,
      toolbox: null,
      env: childEnvironment(world.env, { clean: false, keep: [] }),
      search: { command: world.env["ASK_CODEX_COMMAND"], path: "", home: world.home, ownPackage: ROOT },
      version: "0.0.0",
      signal,
    },
    claude: {
      ...{ command: undefined, env: world.env, home: world.home, model: null, budgetUsd: null, settings: "none" },
      earlier: NO_EARLIER_RUNS,
      ...claude,
    },
    codex: { model: null, effort: null },
    limits: { totalMs: 120_000, idleMs: 60_000 },
    onProgress: () => {},
    ...rest,
  };
}
