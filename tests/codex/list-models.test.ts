import { expect, test } from "vitest";
import { unlistedWords } from "../../src/codex/list-models.ts";

const listed = (model: string, ...efforts: readonly string[]) => ({
  model,
  ...{ displayName: model, isDefault: false, defaultReasoningEffort: efforts[0] ?? "" },
  supportedReasoningEfforts: efforts.map((reasoningEffort) => ({ reasoningEffort })),
});

const MODELS = [listed("small", "low", "medium"), listed("big", "low", "high")];

test.each([
  { model: "small", effort: "medium", words: [] },
  { model: "small", effort: "high", words: ["Codex does not list the effort high for small, only low, medium"] },
  { model: "own", effort: "high", words: [] },
  {
    model: "own",
    effort: "hgih",
    words: ["Codex does not list the effort hgih, only low, medium, high. Did you mean high?"],
  },
  { model: "small", effort: null, words: [] },
])("$effort with $model of another provider", ({ model, effort, words }) => {
  expect(unlistedWords(MODELS, { model }, { model, effort, ownProvider: false })).toEqual(words);
});

test.each([
  { model: "small", words: [] },
  { model: "smal", words: ["Codex does not list the model smal. Did you mean small?"] },
  { model: "nope-5", words: ["Codex does not list the model nope-5, only small, big"] },
])("the model $model of Codex's own provider", ({ model, words }) => {
  expect(unlistedWords(MODELS, { model }, { model, effort: null, ownProvider: true })).toEqual(words);
});

test("a model that the configuration names is not the command line's", () => {
  expect(unlistedWords(MODELS, { model: "smal" }, { model: null, effort: "low", ownProvider: true })).toEqual([]);
});

test("where nothing is listed, nothing is said", () => {
  expect(unlistedWords([], { model: "small" }, { model: "small", effort: "hgih", ownProvider: true })).toEqual([]);
});
