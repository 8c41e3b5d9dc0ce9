import type { AskContext } from "../model/context.ts";
import type { AskPlan } from "../model/plan.ts";
import { closingQuestion } from "../model/question.ts";
import type { Review, ReviewedWork, Reviewer } from "../model/reviewer.ts";

/** Who judges the work after each turn, and how often it may still go back. */
export interface WorkJudge {
  review(work: ReviewedWork): Promise<Review>;
  /** False: whatever is found now stays. */
  mayRepair(): boolean;
  /** Repairs at most. */
  readonly rounds: number;
}

/** The checks, and once these hold, the reviewer of finished work. Each has repairs of its own. */
export function workJudge(plan: AskPlan, { finalReviewer }: AskContext, checks: Pick<Reviewer, "review">): WorkJudge {
  const left = { checks: plan.checks.verifyRounds, final: finalReviewer?.rounds ?? 0 };
  const rounds = left.checks + left.final;
  const within = (kind: keyof typeof left, review: Review): Review => {
    if (review.repair === null) return review;
    if (left[kind] === 0) return { ...review, repair: null };
    left[kind] -= 1;
    return review;
  };
  return {
    rounds,
    mayRepair: () => left.checks + left.final > 0,
    async review(work) {
      const own = await checks.review(work);
      const holds = own.repair === null && own.checks.every(({ passed }) => passed);
      // Who asks a question has not finished.
      const isOver = work.signal.aborted || closingQuestion(work.answer) !== null;
      if (finalReviewer === null || !holds || isOver) return within("checks", own);
      const mayRepair = left.final > 0;
      const late = await finalReviewer.review(work, { mayRepair });
      return within("final", { checks: [...own.checks, ...late.checks], repair: late.repair });
    },
  };
}
