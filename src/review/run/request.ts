import type { AskContext } from "../../ask/model/context.ts";
import type { AskPlan } from "../../ask/model/plan.ts";
import type { WorkTree } from "../../workspace/git/find-work-tree.ts";
import type { ReportedFinding, Severity } from "../finding/finding.ts";
import type { TargetRequest } from "../target/target.ts";
import type { TurnBudget } from "../turn/counted-turns.ts";

/** A review, checked and resolved as far as it can be without git and Codex. */
export interface ReviewRequest {
  readonly target: TargetRequest;
  readonly tree: WorkTree;
  /** How Codex works: model, limits, configuration. Prompt, sandbox and checks are the review's own. */
  readonly plan: AskPlan;
  readonly focus: string | null;
  readonly adversarial: boolean;
  /** Files to review against, by absolute path, with the name they are given. */
  readonly documents: readonly { readonly name: string; readonly path: string }[];
  readonly budget: TurnBudget;
  /** Tokens that all turns together may use; null: no limit. */
  readonly maxTokens: number | null;
  readonly failOn: Severity | null;
  /** Findings of others, for the same list. */
  readonly others: readonly ReportedFinding[];
  /** Findings milder than this are left out; null: none are. */
  readonly minSeverity: Severity | null;
  /** Only what earlier reviews from this one on have found is compared; null: all of them. */
  readonly since: string | null;
}

/** What a review is given from outside. */
export interface ReviewContext {
  readonly state: string;
  readonly reviewId: string;
  readonly signal: AbortSignal;
  /** What one turn is given: a run id and a Codex of its own. */
  readonly turnContext: () => Promise<AskContext>;
  /** A line of progress. */
  readonly say: (line: string) => void;
}
