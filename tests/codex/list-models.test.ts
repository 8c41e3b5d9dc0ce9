import { expect, test } from "vitest";
import { unlistedWords } from "../../src/codex/list-models.ts";

const listed = (model: string, ...efforts: readonly string[]) => ({
  model,
  ...{ displayName: model, isDefault: false, defaultReasoningEffort: efforts[0] ?? "" },
  supportedReasoningEfforts: efforts.map((reasoningEffort) => ({ reasoningEffort })),
});

const MODELS = [listed("small", "low", "medium"), listed("big", "low", "high")];

test.each([
  { model: "small", effort: "medium", words: null },
  { model: "small", effort: "high", words: "Codex does not list the effort high for small, only low, medium" },
  { model: "own", effort: "high", words: null },
  { model: "own", effort: "hgih", words: "Codex does not list the effort hgih, only low, medium, high" },
  { model: "small", effort: null, words: null },
])("$effort with $model", ({ model, effort, words }) => {
  expect(unlistedWords(MODELS, { model, effort })).toBe(words);
});

test("where nothing is listed, nothing is said", () => {
  expect(unlistedWords([], { model: "small", effort: "hgih" })).toBeNull();
});
