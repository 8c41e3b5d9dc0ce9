import { expect } from "vitest";
import { optionsOf } from "./flags.ts";
import { batch, batches, commandOf, handoff, type Known, review, reviews, subcommands, task } from "./programs.ts";
import type { Words } from "./shell-commands.ts";

/** Fails where `ask_codex` would not take these words. */
export function expectCall(words: Words): void {
  const [command, rest] = calledBy(words);
  expect(command.parse(rest), words.join(" ")).toHaveProperty("options");
}

/** The command that the first words name, and the words that it gets. */
function calledBy(words: Words): readonly [Pick<Known, "parse">, Words] {
  const [name = "", first = "", ...others] = words;
  if (name === "handoff") return [commandOf(handoff, first), others];
  if (name === "batch" && Object.hasOwn(batches, first)) return [commandOf(batches, first), others];
  if (name === "batch") return [batch, words.slice(1)];
  if (name === "review" && Object.hasOwn(reviews, first)) return [commandOf(reviews, first), others];
  if (name === "review") return [review, words.slice(1)];
  if (Object.hasOwn(subcommands, name)) return [commandOf(subcommands, name), words.slice(1)];
  return [task, words];
}

/** The long names of the flags that subcommands of `ask_codex` have. */
export function flagsOfSubcommands(): readonly (string | undefined)[] {
  const commands = [
    review,
    batch,
    ...Object.values(subcommands),
    ...Object.values(handoff),
    ...Object.values(reviews),
    ...Object.values(batches),
  ];
  return commands.flatMap((command) => optionsOf(command.make()).map(({ long }) => long));
}
