import type { CodexSearch } from "../../codex/find-codex.ts";
import type { Environment } from "../../process/environment.ts";
import type { Holder } from "../../process/hold.ts";
import type { SessionLog } from "../store/session-log.ts";
import type { SessionPaths } from "../store/session-paths.ts";
import type { Leading } from "./leading.ts";
import type { SessionAttendant } from "./session-attendant.ts";

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
  /** Makes a session an orchestration; loaded only then. */
  readonly lead: (parts: LeadingParts) => Promise<Leading>;
  /** Aborted with a `CancelSignal` as its reason. */
  readonly signal: AbortSignal;
}

/** What an orchestration is made of. */
export interface LeadingParts {
  readonly paths: SessionPaths;
  readonly log: SessionLog;
  readonly attendant: SessionAttendant;
  readonly context: WorkerContext;
  /** For checks and Codex: without the variables of Claude and Anthropic. */
  readonly env: Readonly<Record<string, string>>;
  /** Something may look otherwise than before. */
  readonly changed: () => void;
}
