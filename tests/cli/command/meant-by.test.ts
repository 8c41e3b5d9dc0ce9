import { expect, test } from "vitest";
import { COMMANDS as ASK } from "../../../src/cli/ask/main.ts";
import { COMMANDS as BROKER } from "../../../src/cli/broker/main.ts";
import { COMMAND_LINES, meantBy } from "../../../src/cli/command/meant-by.ts";
import { FORWARDED, TAKEN_BACK } from "../../../src/cli/edge/sibling.ts";
import { COMMANDS as SETUP } from "../../../src/cli/setup/main.ts";

test.each([
  { title: "ask_codex", own: [...Object.keys(ASK), ...Object.keys(TAKEN_BACK)] },
  { title: "codex_broker", own: Object.keys(BROKER) },
  { title: "ask-codex", own: [...Object.keys(SETUP), ...Object.keys(FORWARDED)] },
])("in $title, every command of all three programs is known", ({ title, own }) => {
  const { own: known = {}, sisters = {} } = COMMAND_LINES[title] ?? {};
  expect(Object.keys(known).sort()).toEqual(["help", ...own].sort());
  const all = [ASK, BROKER, SETUP, FORWARDED].flatMap((commands) => Object.keys(commands));
  expect(Object.keys({ ...known, ...sisters }).sort()).toEqual([...new Set(["help", ...all])].sort());
});

test.each([
  { typed: "ask_codex stat", means: "ask_codex stats" },
  { typed: "ask_codex status", means: "codex_broker status" },
  { typed: "ask_codex log", means: "codex_broker logs" },
  { typed: "ask_codex ls", means: "ask_codex sessions" },
  { typed: "ask_codex run", means: "ask-codex run" },
  { typed: "ask_codex login", means: "codex login" },
  { typed: "ask_codex update", means: "ask-codex install" },
  { typed: "ask_codex version", means: "ask_codex --version" },
  { typed: "ask-codex start", means: "ask-codex session start" },
  { typed: "ask-codex forget", means: "ask-codex session forget" },
  { typed: "ask-codex version", means: "ask-codex --version" },
  { typed: "ask-codex instal", means: "ask-codex install" },
  { typed: "codex_broker sessions", means: "codex_broker list" },
  { typed: "codex_broker ls", means: "codex_broker list" },
  { typed: "codex_broker doctor", means: "ask-codex doctor" },
  { typed: "codex_broker report", means: "ask_codex report" },
])(
  "$typed: did you mean $means? A sister's command comes before an own one that is only similar",
  ({ typed, means }) => {
    const [title = "", word = ""] = typed.split(" ");
    expect(meantBy(word, title, [])[0]).toBe(means);
  },
);

test("a program without sisters knows its own commands", () => {
  expect(meantBy("chekc", "ask_codex handoff", ["check", "run"])).toEqual(["ask_codex handoff check"]);
  expect(meantBy("start", "ask_codex handoff", ["check", "run"])).toEqual([]);
});
