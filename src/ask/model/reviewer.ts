import type { CodexCommand } from "../../codex/find-codex.ts";
import type { CheckResult } from "./checks.ts";
import type { Changes } from "./evidence.ts";

/** Who judges the work of a run in place of the plan's own checks. */
export interface Reviewer {
  /** Before Codex gets the task. What cannot be begun ends the run. */
  begin(place: RunUnderReview): Promise<void>;
  /** After every turn that was answered. */
  review(work: ReviewedWork): Promise<Review>;
}

/** Who reads work whose checks hold, and may send it back as well. */
export interface FinalReviewer {
  /** How often it may. */
  readonly rounds: number;
  review(work: ReviewedWork, may: { readonly mayRepair: boolean }): Promise<Review>;
}

export interface RunUnderReview {
  /** Where Codex works. */
  readonly workspace: string;
  /** The Codex that works there. */
  readonly codex: CodexCommand;
  /** The environment for programs that look at the work. */
  readonly env: Readonly<Record<string, string>>;
  /** The run's own folder. */
  readonly folder: string;
  readonly signal: AbortSignal;
}

export interface ReviewedWork extends RunUnderReview {
  readonly answer: string;
  /** What the run has changed so far, without what checks left behind. */
  readonly changes: Changes;
  readonly threadId: string;
  /** Repair rounds so far. */
  readonly round: number;
}

export interface Review {
  readonly checks: readonly CheckResult[];
  /** The message that lets Codex fix its work; null: nothing is wrong, or nothing that it may fix. */
  readonly repair: string | null;
}
