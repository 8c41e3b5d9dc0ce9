import type { AskOutcome } from "../../ask/model/outcome.ts";
import type { AskCodexError, CancelSignal, Status } from "../../errors.ts";
import type { MissingFinding } from "../memory/compare.ts";
import type { FileCoverage } from "../verdict/coverage.ts";
import type { JudgedFinding, ReviewVerdict } from "../verdict/verdict.ts";

/** Everything a review came to. */
export interface ReviewOutcome {
  readonly reviewId: string;
  readonly status: Status;
  readonly error: AskCodexError | null;
  readonly signal: CancelSignal | null;
  readonly verdict: ReviewVerdict;
  /** What was reviewed, for people. */
  readonly target: string;
  readonly workspace: string;
  /** All of them, refuted and decided ones included, the worst first. */
  readonly findings: readonly JudgedFinding[];
  readonly blocking: readonly JudgedFinding[];
  /** Known from earlier reviews, and not reported by this one. */
  readonly missing: readonly MissingFinding[];
  readonly coverage: readonly FileCoverage[];
  /** Changed files that configure agents: reviewed, and not followed. */
  readonly configurationEdits: readonly string[];
  readonly turns: readonly TurnRecord[];
  /** Why turns that were planned did not run; null: all did. */
  readonly cutShort: string | null;
  readonly startedAt: string;
  readonly elapsedMs: number;
}

export interface TurnRecord {
  readonly kind: "review" | "refute" | "prove";
  readonly focus: string | null;
  readonly files: number;
  readonly usable: boolean;
  readonly reason: string | null;
  readonly run: AskOutcome;
}
