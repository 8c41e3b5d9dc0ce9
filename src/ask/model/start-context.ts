import type { CodexSearch } from "../../codex/find-codex.ts";
import type { Toolbox } from "../../codex/tools.ts";
import type { Holder } from "../../process/hold.ts";
import type { Elsewhere } from "./elsewhere.ts";
import type { AskToYield } from "./thread-hold.ts";

/** What it takes to start Codex on a thread: where, as whom, with which environment. */
export interface StartContext {
  /** The state folder. */
  readonly state: string;
  /** Where the sessions of codex_broker are. */
  readonly sessions: string;
  /** This process: who holds the thread and works in the tree. */
  readonly owner: Holder;
  readonly askToYield: AskToYield;
  /** For Codex and for checks. */
  readonly env: Readonly<Record<string, string>>;
  readonly search: CodexSearch;
  readonly version: string;
  /** The tools of ours that a new thread gets, and who answers when they are called; null: none. */
  readonly toolbox: Toolbox | null;
  /** The machine that the work is done on; left out: this one. */
  readonly elsewhere?: Elsewhere;
  /** Aborted with a `CancelSignal` as its reason. */
  readonly signal: AbortSignal;
}
