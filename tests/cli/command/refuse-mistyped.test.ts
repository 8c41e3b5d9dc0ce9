import { expect, test } from "vitest";
import { refuseMistyped } from "../../../src/cli/command/refuse-mistyped.ts";

test.each([
  { task: "stat", means: "ask_codex stats" },
  { task: "instal", means: "ask_codex install" },
  { task: "log", means: "codex_broker logs" },
  { task: "start", means: "codex_broker start" },
  { task: "run", means: "ask-codex run" },
  { task: "upgrade", means: "ask-codex install" },
  { task: " stat ", means: "ask_codex stats" },
])("the task '$task' is refused: did you mean $means?", ({ task, means }) => {
  expect(() => refuseMistyped(task)).toThrow(`Did you mean ${means}?`);
  expect(() => refuseMistyped(task)).toThrow(expect.objectContaining({ hint: `As a task: --task ${task.trim()}` }));
});

test.each(["", "refactor", "hello", "Begin", "stat the file", "stat?", "Explain", "Wait", "Branch"])(
  "%j is a task",
  (task) => {
    expect(() => refuseMistyped(task)).not.toThrow();
  },
);

test("a command that comes too late is named", () => {
  expect(() => refuseMistyped("review")).toThrow('"review" is a command of ask_codex, and comes first');
});
