import * as z from "zod/mini";

const texts = z.readonly(z.array(z.string()));

/** What a person allows an orchestration, and how it works. What a model requests may only be less. */
export const orchestrationOptions = z.object({
  /** Of the tools' schemas: a thread keeps the tools that it was born with. */
  toolsVersion: z.number(),
  maxTasks: z.number(),
  /** How many delegations work at the same time, each in a worktree of its own when there is more than one. */
  parallel: z.number(),
  /** 0: no limit. */
  budgetMinutes: z.number(),
  /** At list prices; null: no limit. */
  budgetUsd: z.nullable(z.number()),
  claudeModel: z.nullable(z.string()),
  executor: z.enum(["claude", "codex"]),
  executorSettings: z.enum(["none", "user"]),
  /** Patterns of what may be changed; none: the work tree without what is protected. */
  scope: texts,
  forbid: texts,
  /** Commands that run without a sandbox. */
  validation: texts,
  bulkFiles: z.number(),
  /** Codex plans; nothing is started. */
  dryRun: z.boolean(),
});

export type OrchestrationOptions = z.infer<typeof orchestrationOptions>;
