import type { ClaudeResult } from "./messages.ts";

/** What earlier runs of a conversation came to. */
export interface EarlierRuns {
  readonly tokens: number;
  readonly usd: number;
}

export const NO_EARLIER_RUNS: EarlierRuns = { tokens: 0, usd: 0 };

/**
 * The list price of one run; null: not known. In a conversation that goes on, a newer Claude Code prints the price of all of it, an
 * older one that of the run. The tokens by model, which count along with the price, show which. `tokens`: of this run.
 */
export function priceOf(
  { total_cost_usd: total, modelUsage = {} }: ClaudeResult,
  tokens: number,
  earlier: EarlierRuns,
): number | null {
  if (total === null || total === undefined) return null;
  const counted = Object.values(modelUsage).reduce((sum, usage) => {
    const { inputTokens, outputTokens, cacheReadInputTokens, cacheCreationInputTokens } = usage;
    const read = (inputTokens ?? 0) + (cacheReadInputTokens ?? 0) + (cacheCreationInputTokens ?? 0);
    return sum + read + (outputTokens ?? 0);
  }, 0);
  return counted >= earlier.tokens + tokens ? Math.max(0, total - earlier.usd) : total;
}
