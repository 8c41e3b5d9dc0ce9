import type { Deed } from "../../claude/fold-run.ts";
import type { AskCodexError } from "../../errors.ts";
import type { LastWord } from "../../handoff/run/outcome.ts";
import type { Denial, Usage } from "./outcome.ts";

/** What an executor has said and done, as far as it came. */
export interface Execution {
  /** Why it could not do its work; null: it came to an end of its own. */
  readonly error: AskCodexError | null;
  readonly said: LastWord | null;
  /** Its own words. */
  readonly notes: string;
  readonly denials: readonly Denial[];
  readonly conversation: string | null;
  readonly usage: Usage;
  readonly remarks: readonly string[];
  readonly survivors: readonly number[];
  /** What it did to files, or may have done. */
  readonly deeds: readonly Deed[];
}

/** The execution of a task that no executor works on. */
export const NO_EXECUTION: Execution = {
  error: null,
  said: null,
  notes: "",
  denials: [],
  conversation: null,
  usage: { inputTokens: 0, cachedInputTokens: 0, outputTokens: 0, listPriceUsd: null, model: null },
  remarks: [],
  survivors: [],
  deeds: [],
};
