import { runCommands } from "../command/run-commands.ts";
import { parseSetup, SETUP_COMMANDS, type SetupCommand, type SetupFlags } from "./commands.ts";

/** `ask-codex`: installs the skill, removes it, looks after it; the exit code is left to the command. */
export async function main(argv: readonly string[]): Promise<void> {
  const otherwise = "Tasks for Codex go to ask_codex.";
  await runCommands(
    {
      program: "ask-codex",
      commands: SETUP_COMMANDS,
      about: ABOUT,
      exits: EXITS,
      otherwise,
      parse: parseSetup,
      perform,
    },
    argv,
  );
}

const ABOUT =
  "Installs the ask-codex skill for Claude Code. Tasks for Codex go to ask_codex and codex_broker, which come with it.";

const EXITS = "0 done, and nothing fails · 1 refused, failed, or a check fails · 3 this Node cannot run us";

async function perform(name: SetupCommand, flags: SetupFlags): Promise<number> {
  switch (name) {
    case "install":
      return (await import("./install.ts")).install(flags);
    case "uninstall":
      return (await import("./uninstall.ts")).uninstall(flags);
    case "doctor":
      return (await import("./doctor.ts")).doctor(flags);
  }
}
