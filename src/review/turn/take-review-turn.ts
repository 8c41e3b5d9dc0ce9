import type { CheckResult } from "../../ask/model/checks.ts";
import type { AskContext } from "../../ask/model/context.ts";
import type { AskOutcome } from "../../ask/model/outcome.ts";
import type { AskPlan } from "../../ask/model/plan.ts";
import type { Reviewer } from "../../ask/model/reviewer.ts";
import { runTask } from "../../ask/run/task.ts";
import type { Read } from "../answer/read-json.ts";

/** One turn of a review, in a thread of its own. */
export interface ReviewTurn<Answer> {
  readonly prompt: string;
  /** The JSON Schema for the model, and what decides whether the answer can be used. */
  readonly schema: unknown;
  readonly read: (text: string) => Read<Answer>;
  /** The plan of a turn that works elsewhere; left out: the review's own, which only reads. */
  readonly plan?: AskPlan;
}

export interface TurnEnd<Answer> {
  /** Null: none that can be used, for this reason. */
  readonly answer: Answer | null;
  readonly reason: string | null;
  readonly outcome: AskOutcome;
}

/** Takes one turn, in the sandbox of its plan and proved to be. An answer that cannot be read goes back once, to the same thread. */
export async function takeReviewTurn<Answer>(
  { prompt, schema, read }: ReviewTurn<Answer>,
  plan: AskPlan,
  context: AskContext,
): Promise<TurnEnd<Answer>> {
  const checks = { expectFiles: [], verifyCommand: null, verifyRounds: 1, sandboxed: false };
  const outcome = await runTask(
    { ...plan, prompt, outputSchema: schema, checks },
    { ...context, reviewer: answerReviewer(read), finalReviewer: null },
  );
  const found = read(outcome.answer);
  if (outcome.status === "completed" && found.ok) return { answer: found.value, reason: null, outcome };
  // What a run that was ended early has said is not its answer.
  const unusable = outcome.status === "validation_failed" && !found.ok;
  const reason =
    outcome.error?.message ?? (unusable ? `its answer: ${found.fault}` : `its run ended as ${outcome.status}`);
  return { answer: null, reason, outcome };
}

function answerReviewer(read: (text: string) => Read<unknown>): Reviewer {
  return {
    begin: async () => {},
    review: async ({ answer }) => {
      const found = read(answer);
      const check: CheckResult = {
        type: "output_schema",
        subject: "the review",
        passed: found.ok,
        exitCode: null,
        durationMs: null,
        detail: found.ok ? "" : found.fault,
      };
      const repair = found.ok
        ? null
        : `Your answer cannot be used: ${found.fault}. Give the whole answer again, as one JSON object.`;
      return { checks: [check], repair };
    },
  };
}
