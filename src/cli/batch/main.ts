import { defineCommand } from "../command/define-command.ts";
import { type Commands, defineProgram, defineUsual } from "../command/program.ts";
import { addJsonOption } from "../command/turn-options.ts";
import { addQueueOptions } from "../fleet/queue-options.ts";
import { checkOptions } from "./options.ts";
import { batchOptions } from "./run-options.ts";

/** The commands of `ask_codex batch` beside a batch itself. */
export const COMMANDS = {
  check: {
    usage: "<plan> [options]",
    what: "find every fault of a plan, and what it will take",
    command: defineCommand({
      options: checkOptions,
      run: async ([plan], flags) => (await import("./check.ts")).check(plan, flags),
    }),
  },
  status: {
    usage: "[id] [options]",
    what: "how far a batch is (default: the last one)",
    command: defineCommand({
      options: (command) =>
        addQueueOptions(addJsonOption(command.argument("[id]", "the batch, or the beginning of its id"))),
      run: async ([id], flags) => (await import("./status.ts")).status(id, flags),
    }),
  },
  watch: {
    usage: "[id] [options]",
    what: "follow a batch until its process ends",
    command: defineCommand({
      options: (command) => addQueueOptions(command.argument("[id]", "the batch, or the beginning of its id")),
      run: async ([id], flags) => (await import("./watch.ts")).watch(id, flags),
    }),
  },
} satisfies Commands;

const EXITS = `0 every task is clean, and its result where it was wanted · 1 one is not, or the command line is wrong · 2 time ran out ·
            3 Codex cannot work now · 4 a task asks · 5 a task wrote out of its bounds · 130/143/129 interrupted`;

const ABOUT = "Many tasks at once, each in a worktree of its own, brought together when they hold.";

export const BATCH = defineUsual(
  { commands: COMMANDS, exits: EXITS, usage: "<plan> [options]" },
  { options: batchOptions, run: async ([plan], flags) => (await import("./run.ts")).run(plan, flags) },
);

/** `ask_codex batch`: a plan of tasks, or what is known of earlier ones. */
export const batch = defineProgram({ about: ABOUT, commands: COMMANDS, usual: BATCH, takesWords: true, exits: EXITS });
