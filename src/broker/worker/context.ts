import type { CodexSearch } from "../../codex/find-codex.ts";
import type { Environment } from "../../process/environment.ts";
import type { Holder } from "../../process/hold.ts";

/** What a worker is given from outside. */
export interface WorkerContext {
  /** The state folder. */
  readonly state: string;
  readonly owner: Holder;
  /** The messages that the command which launched it was given the flags of. */
  readonly granted: readonly string[];
  /** Of the command that launched it. */
  readonly env: Environment;
  readonly search: CodexSearch;
  readonly version: string;
  /** Aborted with a `CancelSignal` as its reason. */
  readonly signal: AbortSignal;
}
