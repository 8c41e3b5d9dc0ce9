import type { Attendant } from "../../codex/turn/attended-requests.ts";
import type { TurnWatcher } from "../../codex/turn/outcome.ts";
import type { CheckResult } from "./checks.ts";
import type { CodexSource } from "./codex-source.ts";
import type { FinalReviewer, Reviewer } from "./reviewer.ts";
import type { StartContext } from "./start-context.ts";

/** What a run is given from outside: where, as whom, with which environment, and who listens. */
export interface AskContext extends StartContext {
  /** The folder that the run's own folder is made in, below `runs`. */
  readonly home: string;
  readonly runId: string;
  /** Where snapshots of the work tree are kept from one run to the next, which is then quicker; null: each run has its own. */
  readonly snapshots: string | null;
  readonly codex: CodexSource;
  /** Who answers questions and approvals while a turn runs; null: no one. */
  readonly attendant: Attendant | null;
  /** Who judges the work; null: the plan's own checks do. */
  readonly reviewer: Reviewer | null;
  /** Who reads the work once all of that holds; null: no one. */
  readonly finalReviewer: FinalReviewer | null;
  readonly progress: Progress;
}

/** Where the progress of a run is reported. */
export interface Progress extends TurnWatcher {
  /** The session is known, and where its report will be. */
  opened(sessionId: string, outputPath: string): void;
  checking(what: string): void;
  checked(check: CheckResult): void;
  repairing(round: number, rounds: number): void;
  /** Something that the caller may not have meant. */
  warned(what: string): void;
}
