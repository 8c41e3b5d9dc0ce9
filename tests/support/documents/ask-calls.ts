import { expect } from "vitest";
import { optionsOf } from "./flags.ts";
import { commandOf, handoff, subcommands, task } from "./programs.ts";
import type { Words } from "./shell-commands.ts";

/** Fails where `ask_codex` would not take these words. */
export function expectCall([name = "", ...rest]: Words): void {
  const [table, words] = name === "handoff" ? [handoff, rest] : [subcommands, [name, ...rest]];
  const [first = "", ...others] = words;
  const named = name === "handoff" || Object.hasOwn(subcommands, name);
  const parsed = named ? commandOf(table, first).parse(others) : task.parse(words);
  expect(parsed, words.join(" ")).toHaveProperty("options");
}

/** The long names of the flags that subcommands of `ask_codex` have. */
export function flagsOfSubcommands(): readonly (string | undefined)[] {
  const commands = [...Object.values(subcommands), ...Object.values(handoff)];
  return commands.flatMap((command) => optionsOf(command.make()).map(({ long }) => long));
}
