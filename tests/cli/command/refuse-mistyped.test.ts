import { expect, test } from "vitest";
import { COMMANDS as ASK } from "../../../src/cli/ask/main.ts";
import { COMMANDS as BROKER } from "../../../src/cli/broker/main.ts";
import { COMMAND_LINES, refuseMistyped } from "../../../src/cli/command/refuse-mistyped.ts";
import { TAKEN_BACK } from "../../../src/cli/edge/sibling.ts";

test("it knows every command of both programs", () => {
  const own = ["help", ...Object.keys(ASK), ...Object.keys(TAKEN_BACK)];
  expect(Object.keys(COMMAND_LINES).sort()).toEqual([...new Set([...own, ...Object.keys(BROKER)])].sort());
});

test.each([
  { task: "stat", means: "ask_codex stats" },
  { task: "instal", means: "ask_codex install" },
  { task: "sesions", means: "ask_codex sessions" },
  { task: "start", means: "codex_broker start" },
  { task: "wait", means: "codex_broker wait" },
])("the task $task is refused: did you mean $means?", ({ task, means }) => {
  expect(() => refuseMistyped(task)).toThrow(`Did you mean ${means}?`);
  expect(() => refuseMistyped(task)).toThrow(expect.objectContaining({ hint: `As a task: --task ${task}` }));
});

test.each([undefined, "", "refactor", "hello", "stat the file", "stat?", "Explain"])("%j is a task", (task) => {
  expect(() => refuseMistyped(task)).not.toThrow();
});
