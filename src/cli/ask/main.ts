import { Option } from "@commander-js/extra-typings";
import { defineCommand } from "../command/define-command.ts";
import { type Commands, defineProgram, defineUsual } from "../command/program.ts";
import { addJsonOption } from "../command/turn-options.ts";
import { timeOf } from "../stats/since.ts";
import { task } from "./task.ts";

/** The commands of `ask_codex` beside its usual one: what each one does, what it takes, and where it is done. */
export const COMMANDS = {
  sessions: {
    usage: "[--all] [--json]",
    what: "list the sessions of this work tree",
    command: defineCommand({
      options: (command) =>
        command
          .option("--all", "those of every work tree", false)
          .option("--json", "print one JSON array instead of a line for each session", false)
          .addHelpText("after", "\nNewest first: id, name, status, last use, workspace, first line of the task."),
      run: async (_, flags) => (await import("./sessions.ts")).sessions(flags),
    }),
  },
  report: {
    usage: "[id | @name | last] [--path]",
    what: "show the report of an earlier run again",
    command: defineCommand({
      options: (command) =>
        command
          .argument("[id]", "a session or run, by its id or the beginning of it; @name; last (the default)")
          .option("--path", "print only where it is", false),
      run: async ([id = "last"], flags) => (await import("./report.ts")).report(id, flags),
    }),
  },
  handoff: {
    usage: "<new|check|run|verify|learn|convert> …",
    what: "work as a contract: written, checked, run and judged",
    command: { run: async (call) => (await import("../handoff/main.ts")).handoff.run(call) },
  },
  review: {
    usage: "[--base ref | --commit sha | --range a..b] [options]",
    what: "review a change: findings with file and line, double-checked and tracked",
    command: { run: async (call) => (await import("../review/main.ts")).review.run(call) },
  },
  batch: {
    usage: "<plan> [options]",
    what: "many tasks at once, by a plan",
    command: { run: async (call) => (await import("../batch/main.ts")).batch.run(call) },
  },
  route: {
    usage: '[-w path] [--json] "task"',
    what: "who should do a task according to the project's policy: codex, claude, or ask",
    command: defineCommand({
      options: (command) =>
        addJsonOption(
          command
            .argument("[task]", "the task, in a sentence")
            .option("-w, --workspace <path>", "whose policy counts (default: here)"),
        ),
      run: async ([task = ""], flags) => (await import("./route.ts")).route(task, flags),
    }),
  },
  config: {
    usage: "[--json]",
    what: "the defaults of flags that hold here, and where each comes from",
    command: defineCommand({
      options: (command) => command.option("--json", "print one JSON object", false),
      run: async (_, flags) => (await import("./config.ts")).config(flags),
    }),
  },
  models: {
    usage: "[--json]",
    what: "what --model and --reasoning may be, as Codex lists it",
    command: defineCommand({
      options: (command) => command.option("--json", "print one JSON object", false),
      run: async (_, flags) => (await import("./models.ts")).models(flags),
    }),
  },
  stats: {
    what: "what your runs came to, counted from the ledger",
    command: defineCommand({
      options: (command) =>
        command
          .addOption(
            new Option(
              "--since <when>",
              "only runs since then: 30d, 12h, 2w, or a day such as 2026-01-31 (default: all)",
            ).argParser((when) => timeOf(when, new Date())),
          )
          .option("--project [folder]", "only runs of one project: this one, or that of the folder")
          .option("--json", "print one JSON object", false)
          .option("--html <file>", "write a page with charts to this file, and print its path"),
      run: async (_, flags) => (await import("../stats/command.ts")).stats(flags),
    }),
  },
} satisfies Commands;

const EXITS = `0 completed · 1 failed or a check failed · 2 time ran out · 3 Codex cannot work now ·
            4 Codex asks a question (answer with --session) · 5 a handoff's contract was broken ·
            130/143/129 interrupted`;

const EXAMPLES = {
  "Ask, and change nothing": "ask_codex --read-only 'Where are sessions stored?'",
  "A change that a command proves": "ask_codex --name parser --verify-cmd 'npm test' 'Keep the last line of a file.'",
  "Go on with it": "ask_codex --session @parser 'Add a test for an empty file.'",
};

/** One task, which is what `ask_codex` is usually called for. */
export const TASK = defineUsual(
  {
    commands: COMMANDS,
    exits: EXITS,
    examples: EXAMPLES,
    otherwise: "(each has its own --help; a task that is such a word needs --task)",
  },
  task,
);

export const ABOUT = "Hand one task to Codex; get one answer, one exit code.";

/** `ask_codex`: a task, or the command that the first word names. Resolves with the exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  const program = defineProgram({ about: ABOUT, commands: COMMANDS, usual: TASK, takesWords: true, exits: EXITS });
  return program.run({ title: "ask_codex", what: ABOUT, argv });
}
