import type { CodexSearch } from "../codex/find-codex.ts";
import type { TurnWatcher } from "../codex/live-turn.ts";
import type { CheckResult } from "./checks.ts";
import type { Holder } from "./thread-hold.ts";

/** What a run is given from outside: where, as whom, with which environment, and who listens. */
export interface AskContext {
  /** The state folder. */
  readonly state: string;
  /** This process, and the id of the run. */
  readonly owner: Holder;
  /** For Codex and for checks. */
  readonly env: Readonly<Record<string, string>>;
  readonly search: CodexSearch;
  readonly version: string;
  /** Aborted with a `CancelSignal` as its reason. */
  readonly signal: AbortSignal;
  readonly progress: Progress;
}

/** Who is told how a run goes. */
export interface Progress extends TurnWatcher {
  /** The session is known, and where its report will be. */
  opened(sessionId: string, outputPath: string): void;
  checking(what: string): void;
  checked(check: CheckResult): void;
  repairing(round: number, rounds: number): void;
}
