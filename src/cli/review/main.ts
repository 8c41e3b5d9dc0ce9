import { RESOLUTIONS } from "../../review/verdict/verdict.ts";
import { defineCommand } from "../command/define-command.ts";
import { type Commands, defineProgram, defineUsual } from "../command/program.ts";
import { addJsonOption } from "../command/turn-options.ts";
import { reviewOptions } from "./options.ts";

/** The commands of `ask_codex review` beside the review itself. */
export const COMMANDS = {
  list: {
    usage: "[--json]",
    what: "list the reviews of this repository, newest first",
    command: defineCommand({
      options: (command) => addJsonOption(command),
      run: async (_, flags) => (await import("./list.ts")).list(flags),
    }),
  },
  show: {
    usage: "[id] [--json]",
    what: "print a review again (default: the last one)",
    command: defineCommand({
      options: (command) => addJsonOption(command.argument("[id]", "the review, or the beginning of its id")),
      run: async ([id], flags) => (await import("./show.ts")).show(id, flags),
    }),
  },
  resolve: {
    usage: `<finding> <${RESOLUTIONS.join("|")}> "why"`,
    what: "decide a finding; it is not reported again until its code changes",
    command: defineCommand({
      options: (command) =>
        command
          .argument("<finding>", "the finding's id, or its beginning")
          .argument("<resolution>", RESOLUTIONS.join(", "))
          .argument("<why>", "the reason, which later reviewers see"),
      run: async (words) => (await import("./resolve.ts")).resolve(words),
    }),
  },
  gate: {
    usage: "[options]",
    what: "the Stop hook of install --review-gate: reviews what a Claude Code session changed",
    command: defineCommand({
      options: reviewOptions,
      run: async (_, flags) => (await import("./gate.ts")).gate(flags),
    }),
  },
} satisfies Commands;

const EXITS = `0 reviewed, clean or with findings · 1 --fail-on was met, not all was reviewed, or the command line is wrong ·
            2 time ran out · 3 Codex cannot work now · 130/143/129 interrupted`;

const ABOUT = "Review a change: findings with file and line, double-checked and tracked, and an exit code.";

export const REVIEW = defineUsual(
  { commands: COMMANDS, exits: EXITS, usage: "[options]" },
  { options: reviewOptions, run: async (_, flags) => (await import("./run.ts")).run(flags) },
);

/** `ask_codex review`: a review, or what is known of earlier ones. */
export const review = defineProgram({ about: ABOUT, commands: COMMANDS, usual: REVIEW, exits: EXITS });
