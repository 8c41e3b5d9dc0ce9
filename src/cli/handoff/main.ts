import { Option } from "@commander-js/extra-typings";
import { LESSON_KINDS } from "../../handoff/contract/lesson.ts";
import { defineCommand } from "../command/define-command.ts";
import { type Commands, defineProgram } from "../command/program.ts";
import { SANDBOX_CHECKS } from "../command/turn-options.ts";
import { addDocument, addInspection, addWorkspace } from "./options.ts";
import { runOptions } from "./run-options.ts";

/** The commands of `ask_codex handoff`: what each one does, what it takes, and where it is done. */
export const COMMANDS = {
  new: {
    what: "write a document CODEX-<NAME>.md, filled in with an example",
    command: defineCommand({
      options: (command) => addWorkspace(command.argument("<name>", "what it is about, in a word")),
      run: async ([about], flags) => (await import("./new.ts")).newHandoff(about, flags),
    }),
  },
  check: {
    what: "find every gap in a document",
    command: defineCommand({
      options: (command) => addInspection(command),
      run: async ([file], flags) => (await import("./check.ts")).check(file, flags),
    }),
  },
  run: {
    what: "let Codex work by a document, and judge what it did",
    command: defineCommand({
      options: runOptions,
      run: async ([file], flags) => (await import("./run.ts")).run(file, flags),
    }),
  },
  verify: {
    what: "judge existing work, whoever did it",
    command: defineCommand({
      options: (command) =>
        addInspection(command)
          .option("--base <rev>", "what the work began from (default: HEAD)")
          .option(...SANDBOX_CHECKS),
      run: async ([file], flags) => (await import("./verify.ts")).verify(file, flags),
    }),
  },
  learn: {
    what: "add a lesson to the project's, for tasks on the same files",
    command: defineCommand({
      options: (command) =>
        addWorkspace(addDocument(command))
          .argument("<lesson>", "what was learned, in a sentence or two")
          .addOption(
            new Option("--kind <kind>", "pattern (the default), anti-pattern or quality-bar")
              .choices(LESSON_KINDS)
              .default("pattern" as const),
          ),
      run: async (args, flags) => (await import("./learn.ts")).learn(args, flags),
    }),
  },
  convert: {
    what: "turn a document into a JSON task request, or the other way round",
    command: defineCommand({
      options: (command) =>
        addDocument(command).option("-o, --output <path>", "write it to a new file instead of stdout"),
      run: async ([file], flags) => (await import("./convert.ts")).convert(file, flags),
    }),
  },
} satisfies Commands;

const EXITS = `0 done, and the contract is kept · 1 a gap, a failure, a part of it, or the command line is wrong · 2 time ran out ·
            3 Codex cannot work now · 4 blocked, or Codex asks · 5 the contract was broken · 130/143/129 interrupted`;

/** `ask_codex handoff`: work as a contract that is checked. */
export const handoff = defineProgram({
  about:
    "Work as a contract: a document with tasks, bounds and criteria, checked before, and judged by what is in the work tree.",
  commands: COMMANDS,
  exits: EXITS,
});
