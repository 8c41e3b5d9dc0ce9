import type { TaskQueue } from "./task.ts";

/** What the person allows an orchestration in all. */
export interface QueueLimits {
  readonly maxTasks: number;
  /** 0: no limit. */
  readonly budgetMinutes: number;
  /** At list prices; null: no limit. */
  readonly budgetUsd: number | null;
}

/** Why nothing more may be started, in a sentence; null: there is room. `spentMs`: the work of now included. */
export function usedUp({ budgetMinutes, budgetUsd }: QueueLimits, { spentUsd }: TaskQueue, spentMs: number) {
  if (budgetMinutes > 0 && spentMs >= budgetMinutes * 60_000)
    return `The time that the person allows (--budget-minutes ${budgetMinutes}) is used up.`;
  if (budgetUsd !== null && spentUsd >= budgetUsd)
    return `The money that the person allows (--budget-usd ${budgetUsd}, at list prices) is used up.`;
  return null;
}
