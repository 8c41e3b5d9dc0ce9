import type { AskCodexError, CancelSignal, Status } from "../../errors.ts";
import type { AskOutcome } from "./outcome.ts";
import type { RunJournal } from "./run-journal.ts";

/**
 * What the outcome of a run is made into before it is written down: the one place for a judgement, and for what follows from it.
 * Until it is through, nothing on the disk says how the run ended.
 */
export interface LastStep<T> {
  /** Called once, when nothing of the run works any more. Never rejects. */
  take(run: AskOutcome, journal: RunJournal): Promise<T>;
  /** For a run whose ending may be cut short: what can be said at once. Null where that could turn out wrong. */
  early(run: AskOutcome): T | null;
  toRecord(outcome: T): RunRecord;
  /** The outcome once its report lies somewhere. */
  placed(outcome: T, place: ReportPlace): T;
  /** What could not be written down (a full disk) has failed, whatever else it did. */
  unwritten(outcome: T, fault: AskCodexError): T;
}

/** Where a report lies, and why it does not lie where it was wanted. */
export type ReportPlace = Pick<AskOutcome, "outputPath" | "outputRefused">;

/** An outcome as it is written down. */
interface RunRecord {
  readonly status: Status;
  readonly signal: CancelSignal | null;
  readonly error: AskCodexError | null;
  readonly outputPath: string | null;
  readonly report: string;
  /** For `result.json`. */
  readonly result: object;
  /** What the last event of the journal says beside the usual. */
  readonly facts: Readonly<Record<string, unknown>>;
}
