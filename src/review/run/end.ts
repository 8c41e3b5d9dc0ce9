import { AskCodexError, type CancelSignal, cancelSignalOf, ERROR_KINDS, type Status } from "../../errors.ts";
import type { Severity } from "../finding/finding.ts";
import type { JudgedFinding, ReviewVerdict } from "../verdict/verdict.ts";
import type { TurnRecord } from "./outcome.ts";

export interface EndFacts {
  readonly verdict: ReviewVerdict;
  readonly blocking: readonly JudgedFinding[];
  readonly failOn: Severity | null;
  readonly records: readonly TurnRecord[];
  readonly cutShort: string | null;
  readonly signal: AbortSignal;
}

/** How a review ends: done when all was read and the gate is open; else with what closed it, or with why it could not be done. */
export function endOf(facts: EndFacts): {
  readonly status: Status;
  readonly error: AskCodexError | null;
  readonly signal: CancelSignal | null;
} {
  if (facts.signal.aborted) return { status: "cancelled", error: null, signal: cancelSignalOf(facts.signal.reason) };
  const error = errorOf(facts);
  return { status: error === null ? "completed" : ERROR_KINDS[error.kind].status, error, signal: null };
}

function errorOf({ verdict, blocking, failOn, records, cutShort }: EndFacts): AskCodexError | null {
  const fatal = records.find(({ run }) => run.error !== null && ERROR_KINDS[run.error.kind].status === "fatal");
  if (fatal?.run.error) return fatal.run.error;
  if (verdict === "not_reviewed") {
    const reason = records.find(({ usable }) => !usable)?.reason ?? cutShort ?? "no reviewer gave an answer";
    return new AskCodexError("not_reviewed", `nothing was reviewed: ${reason}`);
  }
  if (blocking.length > 0) {
    const many = blocking.length === 1 ? "1 finding" : `${blocking.length} findings`;
    return new AskCodexError("findings", `${many} of severity ${failOn} or worse`);
  }
  if (verdict !== "incomplete") return null;
  return new AskCodexError("review_incomplete", cutShort ?? "not every changed file was reviewed");
}
