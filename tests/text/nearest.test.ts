import { expect, test } from "vitest";
import { nearest } from "../../src/text/nearest.ts";

const NAMES = ["start", "stats", "status", "stop", "run", "install", "uninstall", "help"];

test.each([
  { word: "strat", finds: "start" },
  { word: "rnu", finds: "run" },
  { word: "instal", finds: "install" },
  { word: "Stats", finds: "stats" },
  { word: "stat", finds: "stats" },
  { word: "hepl", finds: "help" },
])("$word may be a slip for $finds", ({ word, finds }) => {
  expect(nearest(word, NAMES)[0]).toBe(finds);
});

test.each(["hello", "refactor", "fix", "x", ""])("%j is not near any of them", (word) => {
  expect(nearest(word, NAMES)).toEqual([]);
});
