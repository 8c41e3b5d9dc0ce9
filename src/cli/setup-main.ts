import { UsageError } from "../errors.ts";
import { reportError } from "./report-error.ts";
import { parseSetup, SETUP_COMMANDS, type SetupCommand, type SetupFlags } from "./setup-commands.ts";
import { outliveReaders, printAtOnce } from "./stdio.ts";
import { VERSION } from "./version.ts";

/** `ask-codex`: installs the skill, removes it, looks after it; the exit code is left to the command. */
export async function main(argv: readonly string[]): Promise<void> {
  try {
    process.exitCode = await run(argv);
  } catch (error) {
    process.exitCode = reportError(error, argv.includes("--json"));
  }
}

async function run([name, ...rest]: readonly string[]): Promise<number> {
  if (name === undefined || ["-h", "--help", "help"].includes(name)) {
    printAtOnce(overview());
    return name === undefined ? 1 : 0;
  }
  if (name === "--version") {
    printAtOnce(`${VERSION}\n`);
    return 0;
  }
  if (!Object.hasOwn(SETUP_COMMANDS, name))
    throw new UsageError(`Unknown command: ${name}`, "See ask-codex --help. Tasks for Codex go to ask_codex.");
  const command = name as SetupCommand;
  const flags = parseSetup(command, rest);
  if ("text" in flags) {
    printAtOnce(flags.text);
    return 0;
  }
  outliveReaders();
  return perform(command, flags);
}

async function perform(name: SetupCommand, flags: SetupFlags): Promise<number> {
  switch (name) {
    case "install":
      return (await import("./setup-install.ts")).install(flags);
    case "uninstall":
      return (await import("./setup-uninstall.ts")).uninstall(flags);
    case "doctor":
      return (await import("./setup-doctor.ts")).doctor(flags);
  }
}

function overview(): string {
  const width = Math.max(...Object.keys(SETUP_COMMANDS).map((name) => name.length));
  const lines = Object.entries(SETUP_COMMANDS).map(([name, what]) => `  ${name.padEnd(width)}  ${what}`);
  return `Usage: ask-codex <command> [options]

Installs the ask-codex skill for Claude Code. Tasks for Codex go to ask_codex and codex_broker, which come with it.

Commands:
${lines.join("\n")}

ask-codex <command> --help tells what it takes.

Exit codes: 0 done, and nothing fails · 1 refused, failed, or a check fails · 3 this Node cannot run us
`;
}
