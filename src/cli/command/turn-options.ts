import { type Command, Option, type OptionValues } from "@commander-js/extra-typings";
import { SANDBOX_MODES } from "../../codex/settings.ts";
import { UsageError } from "../../errors.ts";
import { listOption, numberOption, onceOption, timeOption } from "./parse-command.ts";
import { sandboxMode } from "./sandbox-mode.ts";

/** The options that make a plan. A command without one of them says what stands in its place. */
export type PlanFlags = FileFlags &
  OptionsOf<typeof addSessionOptions<[], None>> &
  SettingsFlags &
  OptionsOf<typeof addRunOptions<[], None>> &
  OptionsOf<typeof addEnvironmentOptions<[], None>> &
  Partial<OptionsOf<typeof addOutputOptions<[], None>>>;

export type SettingsFlags = OptionsOf<typeof addSettingsOptions<[], None>>;

export type WideFlags = OptionsOf<typeof addWideOptions<[], None>>;

export type FileFlags = OptionsOf<typeof addFileOptions<[], None>>;

export type ShowFlags = OptionsOf<typeof addShowOptions<[], None>>;

export type TaskFlags = OptionsOf<typeof addTaskOptions<[], None>>;

type None = Record<never, never>;

type OptionsOf<Add extends (command: never) => unknown> =
  ReturnType<Add> extends Command<[], infer Options> ? Readonly<Options> : never;

/** The help for an argument that is a task. */
export const TASK = "the task; else --task, --prompt-file or stdin (a quoted heredoc keeps it exact)";

/** Where the task comes from, beside the argument. */
export function addTaskOptions<A extends unknown[], O extends OptionValues>(command: Command<A, O>) {
  return command
    .optionsGroup("What to do:")
    .addOption(
      onceOption("-t, --task <text>", "the task, also one that begins with a dash or is named like a subcommand"),
    )
    .addOption(onceOption("--prompt-file <path>", "read the task from a file; - for stdin"))
    .option("--stdin", "wait for the end of stdin, whose text follows the task", false);
}

/** Files and images that go with a task. Both spellings of `--file` are collected in `file`, in the order they were given. */
export function addFileOptions<A extends unknown[], O extends OptionValues>(command: Command<A, O>) {
  const what = "a file to read first: path, path:12, path:12-20, path#L3 (repeatable)";
  let files: readonly string[] = [];
  const more = (path: string) => {
    files = [...files, path];
    return files;
  };
  const focus = (path: string) => {
    command.setOptionValue("file", more(path));
    return path;
  };
  const none: readonly string[] = [];
  return command
    .optionsGroup("What to do:")
    .addOption(new Option("-f, --file <path>", what).default(none, "").argParser(more))
    .addOption(new Option("--focus <path>", "the same as --file").argParser(focus))
    .addOption(listOption("--image <path>", "an image to look at (repeatable)"));
}

/** Which session a task goes to. */
export function addSessionOptions<A extends unknown[], O extends OptionValues>(command: Command<A, O>) {
  return command
    .optionsGroup("Where, and in which session:")
    .option("-w, --workspace <path>", "where Codex works (default: here; with --session: where it worked)")
    .option("--session <id>", "continue a session: its id, its beginning, or @name in this work tree")
    .option("--fork", "with --session: branch off into a new session", false)
    .option("--name <name>", "name the session for --session @name");
}

/** What a single turn may have of its own, also in a running session. */
export function addSettingsOptions<A extends unknown[], O extends OptionValues>(command: Command<A, O>) {
  return command
    .optionsGroup("How Codex works:")
    .option("--model <name>", "model (default: the Codex configuration's, or the session's)")
    .option("--reasoning <level>", "reasoning effort, as Codex names it (default: likewise)")
    .option(
      "--role <name>",
      "scout, writer, reviewer, debugger, architect, or a role of the project's: sets what flags do not",
    )
    .addOption(
      // The choices are for completion; a mode that is unknown is refused in our own words.
      new Option("--sandbox <mode>", "read-only, workspace-write (default) or danger-full-access")
        .choices(SANDBOX_MODES)
        .argParser(sandboxMode),
    )
    .option("--read-only", "Codex may look and run commands, and write nothing", false)
    .option("--full-auto", "the same as --sandbox workspace-write", false);
}

/** What goes beyond the workspace: given for one run, and never kept. */
export function addWideOptions<A extends unknown[], O extends OptionValues>(command: Command<A, O>) {
  return command
    .optionsGroup("How Codex works:")
    .option("--network", "network for commands, in this run (workspace-write only)", false)
    .addOption(
      listOption(
        "--add-dir <path>",
        "another folder that may be written in this run (workspace-write only, repeatable)",
      ),
    );
}

/** What Codex may reach, and for how long. */
export function addLimitOptions<A extends unknown[], O extends OptionValues>(command: Command<A, O>) {
  return addWideOptions(command)
    .addOption(listOption("--config <key=value>", "override a setting of the Codex configuration (repeatable)"))
    .optionsGroup("How long:")
    .addOption(timeOption("--timeout <time>", "total limit of a turn, granted twice; 0: none", 600))
    .addOption(timeOption("--idle-timeout <time>", "limit without progress, granted twice; 0: none", 180))
    .addOption(timeOption("--retry-window <time>", "how long to wait for a network that is away; 0: for ever", 15));
}

/** The same, and what must hold afterwards. */
export function addRunOptions<A extends unknown[], O extends OptionValues>(command: Command<A, O>) {
  return addLimitOptions(command)
    .optionsGroup("What must hold afterwards:")
    .addOption(listOption("--expect-file <path>", "a file that must exist afterwards (repeatable)"))
    .option(
      "--verify-cmd <command>",
      "a command that must succeed afterwards; run outside of Codex's sandbox, 300 s at most",
    )
    .addOption(numberOption("--verify-rounds <n>", "hand a failed check back to Codex up to n times", 0))
    .option(...SANDBOX_CHECKS)
    .option("--output-schema <path>", "a JSON Schema that the final answer must fit");
}

/** For commands whose work may be reviewed by a fresh thread. */
export function reviewRoundsOption() {
  const text =
    "once the checks hold, let a fresh thread review the changes, and hand faults back up to n times (3 at most)";
  return new Option("--review-rounds <n>", text).default(0).argParser((value) => {
    if (/^[0-3]$/.test(value)) return Number(value);
    throw new UsageError("--review-rounds takes 0 to 3.");
  });
}

/** For every command that runs checks. */
export const SANDBOX_CHECKS = [
  "--sandbox-checks",
  "run checks in Codex's own sandbox: they write in the workspace only, and have no network",
  false,
] as const;

/** Where the report and the journal of a run go. */
export function addOutputOptions<A extends unknown[], O extends OptionValues>(command: Command<A, O>) {
  return command
    .optionsGroup("What comes out:")
    .option("-o, --output <path>", "where the report goes (default: into the run's folder)")
    .option("--events <path>", "append the run's journal to this file as well (NDJSON)");
}

/** What Codex sees of the caller's environment. */
export function addEnvironmentOptions<A extends unknown[], O extends OptionValues>(command: Command<A, O>) {
  return command
    .optionsGroup("Environment:")
    .option("--clean-env", "pass only an allowlist of variables to Codex", false)
    .addOption(listOption("--keep-env <name>", "pass this variable in any case (repeatable)"));
}

/** How the outcome of a run is shown. */
export function addShowOptions<A extends unknown[], O extends OptionValues>(command: Command<A, O>) {
  return addJsonOption(command.optionsGroup("What comes out:"))
    .option("--keys", "on a terminal, print the keys instead of the summary, as in a pipe", false)
    .option("--no-answer", "print what came of it without the answer")
    .option("--quiet", "no progress on stderr", false);
}

/** One JSON object instead of lines. */
export function addJsonOption<A extends unknown[], O extends OptionValues>(command: Command<A, O>) {
  return command.option("--json", "print one JSON object instead of key=value lines", false);
}
