import type { CommandRun } from "../../codex/command-run.ts";
import type { Tokens } from "../../codex/messages.ts";

/** A sub-agent of Codex, and what it did in a run. */
export interface Agent {
  /** Its own thread. */
  readonly threadId: string;
  /** The name that Codex gave it. */
  readonly name: string | null;
  /** `stopped`: it was at work when the run was ended, and was ended with it. */
  readonly status: "completed" | "failed" | "interrupted" | "stopped";
  readonly commands: readonly CommandRun[];
  readonly tokens: Tokens | null;
  readonly lastWords: string;
}
