import type { AskOutcome } from "../../ask/model/outcome.ts";
import type { AskPlan } from "../../ask/model/plan.ts";
import { monotonicMs } from "../../bounds/monotonic.ts";
import { ERROR_KINDS } from "../../errors.ts";
import { type ReviewTurn, type TurnEnd, takeReviewTurn } from "../turn/take-review-turn.ts";
import type { TurnRecord } from "./outcome.ts";
import type { ReviewContext } from "./request.ts";

/** Takes the turns of one review, within what all of them together may use. */
export interface TurnTaker {
  /** Null: there was nothing left to take it with, or the review is over. */
  take<Answer>(turn: ReviewTurn<Answer>, about: TurnAbout): Promise<TurnEnd<Answer> | null>;
  readonly records: readonly TurnRecord[];
  /** What is left of the time for the whole review, in ms. */
  readonly leftMs: () => number;
  /** Whether the time or a signal has ended the review; the caller had more to do, so it counts as cut short. */
  readonly ended: () => boolean;
  /** Why turns were not taken; null: all were. */
  readonly cutShort: () => string | null;
}

type TurnAbout = Pick<TurnRecord, "kind" | "focus" | "files">;

export interface TurnLimits {
  readonly maxTurns: number;
  readonly maxTokens: number | null;
  /** For the whole review, in ms; 0: none. */
  readonly totalMs: number;
}

export function turnTaker(plan: AskPlan, limits: TurnLimits, context: ReviewContext): TurnTaker {
  const records: TurnRecord[] = [];
  const begun = monotonicMs();
  let started = 0;
  let cut: string | null = null;
  const spent = () => records.reduce((sum, { run }) => sum + (run.tokens?.totalTokens ?? 0), 0);

  function reasonToStop(): string | null {
    const fatal = records.find(({ run }) => run.error !== null && ERROR_KINDS[run.error.kind].status === "fatal");
    if (endReason() !== null) return endReason();
    if (fatal !== undefined) return `Codex cannot work: ${fatal.run.error?.message}`;
    if (started >= limits.maxTurns) return `--max-turns ${limits.maxTurns} was reached`;
    if (limits.maxTokens !== null && spent() >= limits.maxTokens) return `--max-tokens ${limits.maxTokens} was reached`;
    return null;
  }

  function endReason(): string | null {
    if (context.signal.aborted) return CANCELLED;
    return leftMs() <= 0 ? OUT_OF_TIME : null;
  }

  function leftMs(): number {
    return limits.totalMs === 0 ? Number.POSITIVE_INFINITY : limits.totalMs - (monotonicMs() - begun);
  }

  return {
    records,
    leftMs,
    cutShort: () => cut,
    async take(turn, about) {
      const reason = reasonToStop();
      if (reason !== null) {
        cut ??= reason;
        return null;
      }
      started += 1;
      const totalMs = limits.totalMs === 0 ? 0 : Math.max(1, leftMs());
      const own = turn.plan ?? plan;
      const turnPlan = { ...own, limits: { ...own.limits, totalMs } };
      const end = await takeReviewTurn(turn, turnPlan, await context.turnContext());
      records.push(record(about, end, end.outcome));
      // What ended a turn before its answer has ended the review, too.
      if (end.answer === null) cut ??= endReason();
      return end;
    },
    ended() {
      cut ??= endReason();
      return endReason() !== null;
    },
  };
}

const CANCELLED = "the review was cancelled";
const OUT_OF_TIME = "the time for the whole review ran out";

function record(about: TurnAbout, { answer, reason }: TurnEnd<unknown>, run: AskOutcome): TurnRecord {
  return { ...about, usable: answer !== null, reason, run };
}
