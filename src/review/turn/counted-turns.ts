import { UsageError } from "../../errors.ts";
import type { Bundle } from "../target/bundles.ts";
import { FOCUSES, type Focus } from "./prompts.ts";

/** The turns that a review will take before anything is known of its findings. */
export interface TurnPlan {
  readonly reviewers: readonly { readonly bundle: Bundle; readonly focus: Focus | null }[];
  /** How many there may be at most, with the turn that refutes. */
  readonly most: number;
}

export interface TurnBudget {
  /** How many reviewers read each bundle; 1: one without a focus. */
  readonly panel: number;
  readonly refute: boolean;
  readonly prove: boolean;
  readonly maxTurns: number;
}

/**
 * Counts the turns beforehand.
 * @throws UsageError when the budget does not even reach for one reading of every file
 */
export function planTurns(bundles: readonly Bundle[], { panel, refute, prove, maxTurns }: TurnBudget): TurnPlan {
  const focuses: readonly (Focus | null)[] = panel <= 1 ? [null] : (Object.keys(FOCUSES) as Focus[]).slice(0, panel);
  const reviewers = bundles.flatMap((bundle) => focuses.map((focus) => ({ bundle, focus })));
  if (reviewers.length > maxTurns) {
    const files = bundles.reduce((sum, bundle) => sum + bundle.files.length, 0);
    throw new UsageError(
      `This review needs ${reviewers.length} turns (${files} files in ${bundles.length} shares, ${focuses.length} reviewers each), and --max-turns is ${maxTurns}`,
      "Narrow it with --commit or --range, lower --panel, or raise --max-turns.",
    );
  }
  return { reviewers, most: reviewers.length + (refute ? 1 : 0) + (prove ? 1 : 0) };
}
