import type { AskCodexError } from "../../errors.ts";
import type { Validation } from "../../handoff/facts/facts.ts";
import type { Finding } from "../../handoff/judge/finding.ts";
import type { CommitState, LastWord, Undone } from "../../handoff/run/outcome.ts";
import type { FileChange } from "../../workspace/git/diff-trees.ts";
import type { ExecutorName, Refusal, TaskType } from "../request/schema.ts";

/** What became of a delegation. Only `completed` is success. */
export type DelegationVerdict =
  | "completed"
  /** Some of it holds; the executor says what remains. */
  | "partial"
  /** The executor says why it cannot go on. */
  | "blocked"
  /** It says that it is done, and nothing was changed. */
  | "no_change"
  /** It was denied what the task needed. */
  | "denied"
  /** It ended without saying what became of the task. */
  | "no_report"
  /** What was done is not what was asked for: a validation command fails, an expected file is missing. */
  | "failed"
  /** It holds where it was done, does not merge with what others did meanwhile, and is not in the tree. */
  | "conflict"
  /** The scope, a guardrail or another rule of the contract was broken. */
  | "violated"
  /** The request itself cannot be carried out; nothing was started. */
  | "refused"
  /** The executor could not work, crashed, or ran out of time or budget; `error` says which. */
  | "executor_failed"
  /** We were asked to end it. */
  | "interrupted";

/** Everything that one delegation came to: one shape, good or bad. */
export interface Outcome {
  readonly taskId: string;
  readonly type: TaskType;
  readonly verdict: DelegationVerdict;
  /** Null: none was started. */
  readonly executor: ExecutorName | null;
  /** Why the executor could not do its work; null: it could. */
  readonly error: AskCodexError | null;
  /** What to change in a request that was refused. */
  readonly refusals: readonly Refusal[];
  /** What the executor changed, before anything of it was undone. */
  readonly files: readonly FileChange[];
  readonly validation: readonly DelegatedValidation[];
  /** What is wrong with the work. */
  readonly findings: readonly Finding[];
  /** What was done about edits that broke the contract; null: there were none. */
  readonly undone: Undone | null;
  /** Files that changed meanwhile and not by the executor: left as they are. */
  readonly meanwhile: readonly string[];
  readonly denials: readonly Denial[];
  /** How the executor closes; null: not at all. */
  readonly said: LastWord | null;
  /** The executor's own words. */
  readonly notes: string;
  /** Sentences of ours. */
  readonly remarks: readonly string[];
  /** The conversation that a correction of the same task goes on with; null: there is none. */
  readonly conversation: string | null;
  readonly usage: Usage;
  readonly commit: CommitState;
  readonly elapsedMs: number;
  /** The folder with the whole evidence. */
  readonly folder: string;
  /** Processes that could not be ended. */
  readonly survivors: readonly number[];
}

interface DelegatedValidation extends Validation {
  /** The person has not named it, so that it ran in Codex's sandbox. */
  readonly sandboxed: boolean;
}

/** Something that the executor's own rules kept it from. */
export interface Denial {
  readonly tool: string;
  /** The file or the command. */
  readonly what: string;
}

export interface Usage {
  readonly inputTokens: number;
  readonly cachedInputTokens: number;
  readonly outputTokens: number;
  /** At list prices, whatever the account pays; null: not known. */
  readonly listPriceUsd: number | null;
  readonly model: string | null;
}
