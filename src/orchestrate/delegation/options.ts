import type { StartContext } from "../../ask/model/start-context.ts";
import type { EarlierRuns } from "../../claude/price.ts";
import type { Bounds } from "../request/bounds.ts";
import type { DelegationRequest, ExecutorName } from "../request/schema.ts";
import type { Usage } from "./outcome.ts";

/** What one delegation is given. */
export interface DelegationOptions {
  readonly request: DelegationRequest;
  /** The root of the work tree that the executor works in. */
  readonly workspace: string;
  readonly bounds: Bounds;
  /** Who does tasks that name no one. */
  readonly executor: ExecutorName;
  /** The conversation of an earlier delegation of the same task, which is corrected; null: a new one. */
  readonly conversation: string | null;
  /** Files of the task's earlier work that did not merge: the tree has what others did, and nothing of that work. None: it is not so. */
  readonly conflict: readonly string[];
  /** The delegation's id. Every process of it carries it as `RUN_MARKER`, also after we were killed. */
  readonly id: string;
  /** The delegation's own folder, made if it is not there: evidence, private snapshots. */
  readonly folder: string;
  /** State folder, Codex and the environment of checks; its signal ends the delegation. */
  readonly context: StartContext;
  readonly claude: ClaudeOptions;
  readonly codex: CodexOptions;
  readonly limits: { readonly totalMs: number; readonly idleMs: number };
  readonly onProgress: (progress: DelegationProgress) => void;
}

/** How Claude Code is found, started and paid. */
interface ClaudeOptions {
  /** ASK_CODEX_CLAUDE: a program, or a program and its arguments separated by blanks. */
  readonly command: string | undefined;
  /** The caller's whole environment: kept in memory, given to Claude Code and to nothing else. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string | null;
  /** Null: the user's own. */
  readonly model: string | null;
  /** At list prices; null: no limit. */
  readonly budgetUsd: number | null;
  /** The runs of the conversation that is continued. */
  readonly earlier: EarlierRuns;
  /** `user`: the user's settings are loaded as well, with their allow rules. */
  readonly settings: "none" | "user";
}

/** How Codex does a task. */
interface CodexOptions {
  /** Null: the user's own. */
  readonly model: string | null;
  readonly effort: string | null;
}

/** What is reported while a delegation runs. */
export type DelegationProgress =
  /** The request holds; the tree before the work is recorded in the delegation's folder. */
  | { readonly type: "began"; readonly tree: string }
  /** A process works on it. */
  | { readonly type: "started"; readonly executor: ExecutorName; readonly pid: number | null }
  /** What a correction of the task goes on with. */
  | { readonly type: "conversation"; readonly conversation: string }
  /** What the executor does, in a line. */
  | { readonly type: "action"; readonly text: string }
  | { readonly type: "usage"; readonly usage: Usage }
  | { readonly type: "checking"; readonly command: string };
