import { expect, test } from "vitest";
import { executorOf } from "../../../src/orchestrate/request/kind.ts";

test.each([
  ["a task that names no one goes to whom the person chose", { type: "bugfix" }, "claude", "claude"],
  ["a task goes to whom it names", { type: "review", executor: "codex" }, "claude", "codex"],
  ["a bulk task goes to Codex, whoever is named", { type: "bulk", executor: "claude" }, "claude", "codex"],
  ["no executor works on a validation", { type: "validation", executor: "claude" }, "codex", null],
] as const)("%s", (_what, request, usual, executor) => {
  expect(executorOf(request, usual)).toBe(executor);
});
