import * as z from "zod/mini";
import type { PlanFields } from "./schema.ts";

const text = z.nullable(z.string());
const texts = z.readonly(z.array(z.string()));

/** What becomes of the results, from least to most. */
export const MERGES = ["none", "branch", "apply"] as const;

/** How a batch is carried out. It is kept in its journal, and holds when it goes on. */
export const batchOptions = z.object({
  /** How many tasks at once. */
  parallel: z.number(),
  /** Each task in a worktree of its own; false: all of them in the user's work tree. */
  worktrees: z.boolean(),
  merge: z.enum(MERGES),
  /** A command that must succeed on all results together. */
  check: text,
  /** A command that is run in each new worktree. */
  setup: text,
  /** Paths that git ignores and that are copied into each worktree. */
  copies: texts,
  failFast: z.boolean(),
  /** Null: no limit. */
  maxTokens: z.nullable(z.number()),
  /** Names of the user's machines that tasks are done on; none: this machine. */
  machines: z._default(texts, []),
});

/** The flags that say how Codex works, as they were given when the batch began. */
export const codexOptions = z.object({
  model: text,
  reasoning: text,
  config: texts,
  /** In seconds; 0: no limit. */
  timeout: z.number(),
  idleTimeout: z.number(),
  retryWindow: z.number(),
  verifyRounds: z.number(),
  /** Checks run in Codex's own sandbox. */
  sandboxChecks: z._default(z.boolean(), false),
  cleanEnv: z.boolean(),
  keepEnv: texts,
});

export type CodexOptions = z.infer<typeof codexOptions>;

export type BatchOptions = z.infer<typeof batchOptions>;

/** The options with what the plan says: it can only narrow them. */
export function narrowed(options: BatchOptions, plan: Omit<PlanFields, "tasks">): BatchOptions {
  const { parallel, max_tokens: maxTokens, fail_fast: failFast, merge } = plan;
  const limits = [options.maxTokens, maxTokens ?? null].filter((limit) => limit !== null);
  return {
    ...options,
    parallel: Math.min(options.parallel, parallel ?? options.parallel),
    maxTokens: limits.length === 0 ? null : Math.min(...limits),
    failFast: options.failFast || failFast === true,
    merge: MERGES[Math.min(MERGES.indexOf(options.merge), MERGES.indexOf(merge ?? "apply"))] ?? options.merge,
  };
}
