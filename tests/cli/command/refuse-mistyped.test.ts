import { expect, test } from "vitest";
import { COMMANDS as ASK } from "../../../src/cli/ask/main.ts";
import { COMMANDS as BROKER } from "../../../src/cli/broker/main.ts";
import { COMMAND_LINES, refuseMistyped, SHARED } from "../../../src/cli/command/refuse-mistyped.ts";
import { TAKEN_BACK } from "../../../src/cli/edge/sibling.ts";
import { batch, type Known, review, subcommands, task as TASK } from "../../support/documents/programs.ts";

const NONE: ReadonlySet<string> = new Set();

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
  expect(() => refuseMistyped(task, NONE)).toThrow(`Did you mean ${means}?`);
  expect(() => refuseMistyped(task, NONE)).toThrow(expect.objectContaining({ hint: `As a task: --task ${task}` }));
});

test.each([undefined, "", "refactor", "hello", "stat the file", "stat?", "Explain"])("%j is a task", (task) => {
  expect(() => refuseMistyped(task, NONE)).not.toThrow();
});

test("it knows which options only tasks take", () => {
  const optionsOf = (command: Known) => command.make().options.map((option) => option.attributeName());
  const others = new Set([...Object.values(subcommands), review, batch].flatMap(optionsOf));
  const shared = optionsOf(TASK).filter((name) => others.has(name) && name !== "version");
  expect([...SHARED].sort()).toEqual(shared.sort());
});

test("beside an option that only tasks take, a word near a command is a task", () => {
  expect(() => refuseMistyped("Branch", new Set(["json", "model"]))).toThrow("Did you mean ask_codex batch?");
  expect(() => refuseMistyped("Branch", new Set(["json", "session", "fork"]))).not.toThrow();
  expect(() => refuseMistyped("stop", new Set(["session"]))).toThrow("Did you mean codex_broker stop?");
  const late = () => refuseMistyped("review", new Set(["readOnly"]));
  expect(late).toThrow('"review" is a command of ask_codex, and comes first: ask_codex review');
});
