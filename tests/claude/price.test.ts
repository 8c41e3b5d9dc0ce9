import { expect, test } from "vitest";
import { claudeMessage } from "../../src/claude/messages.ts";
import { NO_EARLIER_RUNS, priceOf } from "../../src/claude/price.ts";

const earlier = { tokens: 30, usd: 2 };

function result(total_cost_usd: number | null, inputTokens: number) {
  const modelUsage = { m: { inputTokens, outputTokens: 1, cacheReadInputTokens: 4, cacheCreationInputTokens: null } };
  const message = claudeMessage.parse({ type: "result", subtype: "success", total_cost_usd, modelUsage });
  if (message.type !== "result") throw new Error("that is not a result");
  return message;
}

test("the price of a whole conversation is taken apart, and that of a run is taken as it is", () => {
  expect(priceOf(result(3, 45), 20, earlier)).toBe(1);
  expect(priceOf(result(3, 15), 20, earlier)).toBe(3);
  expect(priceOf(result(3, 15), 20, NO_EARLIER_RUNS)).toBe(3);
});

test("a price that is not printed is not known", () => {
  expect(priceOf(result(null, 45), 20, earlier)).toBeNull();
});
