import type { Command } from "commander";
import { UsageError } from "../../errors.ts";
import { makeCommand, parseCommand } from "../command/parse-command.ts";
import {
  addEnvironmentOptions,
  addFileOptions,
  addRunOptions,
  addSessionOptions,
  addSettingsOptions,
  addTaskOptions,
  type TurnFlags,
} from "../command/turn-options.ts";

/** What the command line says, before anything is looked up or resolved. */
export interface AskFlags extends TurnFlags {
  readonly output?: string;
  readonly events?: string;
  readonly json: boolean;
  readonly quiet: boolean;
}

export type Parsed =
  | { readonly type: "flags"; readonly flags: AskFlags }
  /** `--help` or `--version`: what to print. */
  | { readonly type: "text"; readonly text: string };

/**
 * Reads the command line.
 * @throws UsageError naming the flag and the mend
 */
export function parseAsk(argv: readonly string[]): Parsed {
  const files: string[] = [];
  const { command, text } = parseCommand(() => askCommand(files), argv);
  if (text !== "") return { type: "text", text };
  const options = command.opts<Omit<AskFlags, "files"> & { task?: string }>();
  const [positional, extra] = command.args;
  if (extra !== undefined) throw new UsageError(`Unexpected argument: ${extra} (the task is one argument: quote it)`);
  if (positional !== undefined && options.task !== undefined) {
    throw new UsageError(`Unexpected argument: ${positional} (the task came with --task)`);
  }
  return { type: "flags", flags: { ...options, ...(positional === undefined ? {} : { task: positional }), files } };
}

/** The command as commander knows it: its help text is the reference that the documents are held against. */
export function askCommand(files: string[]): Command {
  return makeCommand("ask_codex", "Hand one task to Codex; get one answer, one exit code.", (command) => {
    command
      .usage(`[options] [task]${SUBCOMMANDS.map((words) => `\n       ask_codex ${words}`).join("")}`)
      .argument("[task]", "the task; else --task, --prompt-file or stdin (a quoted heredoc keeps it exact)")
      .addHelpText("after", EXITS);
    addTaskOptions(command);
    addFileOptions(command, files);
    addSessionOptions(command);
    addSettingsOptions(command);
    addRunOptions(command)
      .option("-o, --output <path>", "where the report goes (default: into the run's folder)")
      .option("--events <path>", "append the run's journal to this file as well (NDJSON)")
      .option("--json", "print one JSON object instead of key=value lines", false)
      .option("--quiet", "no progress on stderr", false);
    addEnvironmentOptions(command);
  });
}

const SUBCOMMANDS = [
  "sessions [--all] [--json]",
  "handoff <new|check|run|verify|learn|convert> …",
  'route [-w path] [--json] "task"',
  "stats [options]",
];

const EXITS = `
Exit codes: 0 completed · 1 failed or a check failed · 2 time ran out · 3 Codex cannot work now ·
            4 Codex asks a question (answer with --session) · 5 a handoff's contract was broken ·
            130/143/129 interrupted
Subcommands: sessions  list the sessions of this workspace
             handoff   work as a contract: written, checked, run and judged; see ask_codex handoff --help
             route     who is to do a task by the project's policy: codex, claude, or ask
             stats     what your runs came to, counted from the ledger
             (a task that begins with such a word of its own needs --task)`;
