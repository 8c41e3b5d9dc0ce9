import type { EarlierRuns } from "../../../claude/price.ts";
import type { DelegationProgress } from "../../../orchestrate/delegation/options.ts";
import type { DelegationVerdict, Outcome } from "../../../orchestrate/delegation/outcome.ts";
import type { DelegationRequest } from "../../../orchestrate/request/schema.ts";

/** One delegation, as the queue hands it out. */
export interface Delegated {
  readonly request: DelegationRequest;
  readonly id: string;
  readonly folder: string;
  /** The root of the work tree that it is worked on in. */
  readonly workspace: string;
  /** What a correction of the same task goes on with. */
  readonly conversation: string | null;
  /** Files in which the task's earlier work did not merge. */
  readonly conflict: readonly string[];
  /** What that conversation came to so far. */
  readonly earlier: EarlierRuns;
  /** What may still be spent, at list prices; null: no limit. */
  readonly budgetUsd: number | null;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: DelegationProgress) => void;
}

/** Carries it out, whatever comes of it. */
export type Delegate = (delegated: Delegated) => Promise<LedOutcome>;

/** What a delegation came to; `planned` in a dry run. */
export interface LedOutcome extends Omit<Outcome, "verdict"> {
  readonly verdict: DelegationVerdict | "planned";
}
