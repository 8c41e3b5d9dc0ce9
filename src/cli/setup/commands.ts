import type { Command } from "commander";
import { UsageError } from "../../errors.ts";
import { makeCommand, parseCommand } from "../command/parse-command.ts";

export type SetupCommand = keyof typeof SETUP_COMMANDS;

/** Every command, with its line in the overview. */
export const SETUP_COMMANDS = {
  install: "put the skill where Claude Code finds it, or bring it up to date",
  uninstall: "remove it again; sessions and reports stay",
  doctor: "look whether everything a run needs is there and works",
} as const;

export interface SetupFlags {
  readonly project: boolean;
  readonly dryRun: boolean;
  readonly allow: boolean;
  readonly json: boolean;
  readonly fix: boolean;
}

/** The command with this name, as commander knows it. */
export function setupCommand(name: SetupCommand): Command {
  return makeCommand(`ask-codex ${name}`, SETUP_COMMANDS[name], DEFINE[name]);
}

/**
 * Reads the words of one command.
 * @throws UsageError naming the word and the mend
 */
export function parseSetup(name: SetupCommand, argv: readonly string[]): SetupFlags | { readonly text: string } {
  const { command, text } = parseCommand(() => setupCommand(name), argv);
  if (text !== "") return { text };
  if (command.args[0] !== undefined) throw new UsageError(`Unexpected argument: ${command.args[0]}`);
  return { ...ALL_OFF, ...command.opts<Partial<SetupFlags>>() };
}

const ALL_OFF: SetupFlags = { project: false, dryRun: false, allow: false, json: false, fix: false };

const PROJECT = "in this folder's .claude/skills instead of the user's own";
const DRY_RUN = "only tell what would happen";

const DEFINE: Readonly<Record<SetupCommand, (command: Command) => void>> = {
  install(command) {
    command
      .option("--project", PROJECT, false)
      .option(
        "--allow",
        "let Claude Code run the two commands and read their reports without asking: adds permission rules",
        false,
      )
      .option("--dry-run", DRY_RUN, false);
  },
  uninstall: (command) => void command.option("--project", PROJECT, false).option("--dry-run", DRY_RUN, false),
  doctor(command) {
    command
      .option("--json", "print one JSON object instead of key=value lines", false)
      .option("--fix", "mend what is ours to mend", false);
  },
};
