import { expect, test } from "vitest";
import { COMMANDS as ASK } from "../../src/cli/ask/main.ts";
import { COMMANDS as BROKER } from "../../src/cli/broker/main.ts";
import { COMMANDS as SETUP } from "../../src/cli/setup/main.ts";
import { textOf } from "../support/documents/documents.ts";
import { codeIn, rowsUnder } from "../support/documents/markdown.ts";

const PROGRAMS = { ask_codex: ASK, codex_broker: BROKER, "ask-codex": SETUP };

const said = rowsUnder(textOf("README.md"), "You want to").flatMap(([, cell = ""]) => codeIn(cell));

/** The program and the command that a piece of code names; null: it names none. */
function commandIn(code: string): readonly [keyof typeof PROGRAMS, string] | null {
  const [, program, name] = /^(ask_codex|codex_broker|ask-codex) (\w+)/.exec(code) ?? [];
  return program === undefined || name === undefined ? null : [program as keyof typeof PROGRAMS, name];
}

test("every command in the README's tables exists", () => {
  const commands = said.map(commandIn).filter((command) => command !== null);
  expect(commands.length).toBeGreaterThan(10);
  expect(commands.filter(([program, name]) => !Object.hasOwn(PROGRAMS[program], name))).toEqual([]);
});

test.each(["ask_codex review", "ask_codex batch", "codex_broker orchestrate", "ask-codex worker"])(
  "the README's tables name %s",
  (command) => {
    expect(said.some((code) => code === command || code.startsWith(`${command} `))).toBe(true);
  },
);
