import { type Command, Option } from "commander";
import { listOption, numberOption } from "./parse-command.ts";

/** What both commands take to say what Codex is to do, where, and how. */
export interface TurnFlags {
  readonly task?: string;
  readonly promptFile?: string;
  readonly files: readonly string[];
  readonly workspace?: string;
  readonly session?: string;
  readonly fork: boolean;
  readonly name?: string;
  readonly model?: string;
  readonly reasoning?: string;
  readonly role?: string;
  readonly sandbox?: string;
  readonly readOnly: boolean;
  readonly fullAuto: boolean;
  readonly network: boolean;
  readonly addDir: readonly string[];
  readonly image: readonly string[];
  readonly outputSchema?: string;
  readonly config: readonly string[];
  readonly timeout: number;
  readonly idleTimeout: number;
  readonly retryWindow: number;
  readonly expectFile: readonly string[];
  readonly verifyCmd?: string;
  readonly verifyRounds: number;
  readonly cleanEnv: boolean;
  readonly keepEnv: readonly string[];
}

/** Where the task comes from, beside the argument. */
export function addTaskOptions(command: Command): Command {
  return command
    .option("-t, --task <text>", "the task, also one that begins with a dash or is named like a subcommand")
    .option("--prompt-file <path>", "read the task from a file");
}

/** Files and images that go with a task. `files` collects both spellings in the order they were given. */
export function addFileOptions(command: Command, files: string[]): Command {
  const addFile = (value: string) => {
    files.push(value);
    return undefined;
  };
  const what = "a file to read first: path, path:12, path:12-20, path#L3 (repeatable)";
  return command
    .addOption(new Option("-f, --file <path>", what).argParser(addFile))
    .addOption(new Option("--focus <path>", "the same as --file").argParser(addFile))
    .addOption(listOption("--image <path>", "an image to look at (repeatable)"));
}

/** Which session a task goes to. */
export function addSessionOptions(command: Command): Command {
  return command
    .option("-w, --workspace <path>", "where Codex works (default: here; with --session: where it worked)")
    .option("--session <id>", "continue a session by id, or by @name in this workspace")
    .option("--fork", "with --session: branch off into a new session", false)
    .option("--name <name>", "name the session for --session @name");
}

/** What a single turn may have of its own, also in a running session. */
export function addSettingsOptions(command: Command): Command {
  return command
    .option("--model <name>", "model (default: the Codex configuration's, or the session's)")
    .option("--reasoning <level>", "reasoning effort, as Codex names it (default: likewise)")
    .option(
      "--role <name>",
      "scout, writer, reviewer, debugger, architect, or a role of the project's: sets what flags do not",
    )
    .option("--sandbox <mode>", "read-only, workspace-write (default) or danger-full-access")
    .option("--read-only", "Codex may look and run commands, and write nothing", false)
    .option("--full-auto", "the same as --sandbox workspace-write", false);
}

/** What Codex may reach, and for how long. */
export function addLimitOptions(command: Command): Command {
  return command
    .option("--network", "network for commands (workspace-write only)", false)
    .addOption(listOption("--add-dir <path>", "another folder that may be written (workspace-write only, repeatable)"))
    .addOption(listOption("--config <key=value>", "override a setting of the Codex configuration (repeatable)"))
    .addOption(numberOption("--timeout <s>", "total limit of a turn in seconds, granted twice; 0: none", 600))
    .addOption(numberOption("--idle-timeout <s>", "limit without progress in seconds, granted twice; 0: none", 180))
    .addOption(numberOption("--retry-window <s>", "how long to wait for a network that is away; 0: for ever", 15));
}

/** The same, and what must hold afterwards. */
export function addRunOptions(command: Command): Command {
  return addLimitOptions(command)
    .addOption(listOption("--expect-file <path>", "a file that must exist afterwards (repeatable)"))
    .option("--verify-cmd <command>", "a command that must succeed afterwards; run by ask_codex, 300 s at most")
    .addOption(numberOption("--verify-rounds <n>", "hand a failed check back to Codex up to n times", 0))
    .option("--output-schema <path>", "a JSON Schema that the final answer must fit");
}

/** What Codex sees of the caller's environment. */
export function addEnvironmentOptions(command: Command): Command {
  return command
    .option("--clean-env", "pass Codex an allowlist of the environment only", false)
    .addOption(listOption("--keep-env <name>", "pass this variable in any case (repeatable)"));
}
