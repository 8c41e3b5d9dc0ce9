import { Argument } from "@commander-js/extra-typings";
import { defineCommand } from "../command/define-command.ts";
import { type Commands, defineProgram } from "../command/program.ts";
import { addJsonOption } from "../command/turn-options.ts";
import { FORWARDED } from "../edge/sibling.ts";
import { workerOptions } from "../fleet/worker-options.ts";

const PROJECT = "in this folder's .claude/skills instead of the user's own";
const DRY_RUN = "only say what would happen";

/** The commands of `ask-codex`: what each one does, what it takes, and where it is done. */
export const COMMANDS = {
  install: {
    what: "put the skill where Claude Code finds it, or bring it up to date",
    command: defineCommand({
      options: (command) =>
        command
          .option("--project", PROJECT, false)
          .option(
            "--allow",
            "let Claude Code run the two commands and read their reports without asking: adds permission rules",
            false,
          )
          .option(
            "--review-gate",
            "let Codex review what a session changed before Claude stops: adds a Stop hook",
            false,
          )
          .option("--downgrade", "also over a newer version", false)
          .option("--dry-run", DRY_RUN, false),
      run: async (_, flags) => (await import("./install.ts")).install(flags),
    }),
  },
  uninstall: {
    what: "remove it again; sessions and reports stay",
    command: defineCommand({
      options: (command) => command.option("--project", PROJECT, false).option("--dry-run", DRY_RUN, false),
      run: async (_, flags) => (await import("./uninstall.ts")).uninstall(flags),
    }),
  },
  doctor: {
    what: "check whether everything that a run needs is there and works",
    command: defineCommand({
      options: (command) => addJsonOption(command).option("--fix", "repair what is ours to repair", false),
      run: async (_, flags) => (await import("./doctor.ts")).doctor(flags),
    }),
  },
  completion: {
    what: "print what bash, zsh or fish needs to complete commands, flags and paths",
    command: defineCommand({
      options: (command) =>
        command
          // The choices are for completion; a shell that is unknown is refused in our own words.
          .addArgument(new Argument("[shell]", "which one").choices(["bash", "zsh", "fish"]).argParser(String))
          .addHelpText(
            "after",
            `
In ~/.bashrc:                 eval "$(ask-codex completion bash)"
In ~/.zshrc, after compinit:  eval "$(ask-codex completion zsh)"
In ~/.config/fish/config.fish:  ask-codex completion fish | source

What the printed text calls at each TAB: ask-codex completion SHELL -- LINE`,
          ),
      run: async ([shell]) => (await import("./completion.ts")).completion(shell),
    }),
  },
  worker: {
    what: "carry out tasks of batches that come over a queue",
    command: defineCommand({
      options: workerOptions,
      run: async (_, flags) => (await import("../fleet/worker.ts")).worker(flags),
    }),
  },
} satisfies Commands;

/** `ask-codex`, but for what it hands to the other programs. Resolves with the exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  const program = defineProgram({
    about: ABOUT,
    commands: COMMANDS,
    exits: EXITS,
    groups: { "The skill and this machine": COMMANDS, "Work for Codex": FORWARDED },
    examples: EXAMPLES,
    hint: 'A task for Codex: ask-codex run "the task".',
  });
  return program.run({ title: "ask-codex", what: ABOUT, argv });
}

const EXAMPLES = {
  "The skill for Claude Code, without a question before each command": "ask-codex install --allow",
  "Whether everything that a run needs is there": "ask-codex doctor",
  "A task": "ask-codex run --read-only 'Where are sessions stored?'",
};

const ABOUT =
  "Everything of ask-codex by one name: tasks and sessions for Codex, and the skill for Claude Code put in its place.";

const EXITS = "0 done, and nothing fails · 1 refused, failed, or a check fails · 3 this Node cannot run us";
