import { type Command, Option } from "commander";
import { UsageError } from "../../errors.ts";
import { integer, makeCommand, numberOption, parseCommand } from "../command/parse-command.ts";
import {
  addEnvironmentOptions,
  addFileOptions,
  addRunOptions,
  addSessionOptions,
  addSettingsOptions,
  addTaskOptions,
} from "../command/turn-options.ts";

/** What a command's words come to. */
export interface Words {
  readonly args: readonly string[];
  readonly files: readonly string[];
  readonly options: Readonly<Record<string, unknown>>;
}

export type BrokerCommand = keyof typeof COMMANDS;

/** Every command, with its line in the overview. */
export const COMMANDS = {
  start: "a new session: hands over the task and returns; the work goes on",
  send: "another message for a session: queued, into the running turn, or instead of it",
  answer: "answers the question that a session waits with, inside the same turn",
  approve: "approves what a session waits with (start --approvals ask)",
  deny: "denies it, with a reason that Codex gets to read",
  status: "how a session is; without an id every session of this workspace",
  summary: "the opening of a session's last report",
  list: "the sessions of this workspace, newest first",
  wait: "waits until sessions settle or want something; exits like their last run",
  logs: "what a session has done",
  watch: "a live view of sessions in the terminal",
  patch: "what a session with --worktree has changed, as a patch",
  apply: "merges that into the work tree the session was started in",
  stop: "ends a session's turn, its worker and its Codex; the queue stays",
  resume: "goes on with what is left in a session's queue",
  clean: "removes sessions and runs that are finished and old",
} as const;

/** The command with this name, as commander knows it. `files` collects the values of --file. */
export function brokerCommand(name: BrokerCommand, files: string[]): Command {
  return makeCommand(`codex_broker ${name}`, COMMANDS[name], (command) => DEFINE[name](command, files));
}

/**
 * Reads the words of one command.
 * @throws UsageError naming the word and the mend
 */
export function parseBroker(name: BrokerCommand, argv: readonly string[]): Words | { readonly text: string } {
  const files: string[] = [];
  const { command, text } = parseCommand(() => brokerCommand(name, files), withWaits(argv));
  if (text !== "") return { text };
  const most = command.registeredArguments.some(({ variadic }) => variadic)
    ? Number.POSITIVE_INFINITY
    : command.registeredArguments.length;
  const extra = command.args[most];
  if (extra !== undefined) throw new UsageError(`Unexpected argument: ${extra} (a message is one argument: quote it)`);
  return { args: command.args, files, options: command.opts() };
}

/** How long one `wait` takes when nobody says: well within the time that Claude Code gives a command. */
const WAIT_SLICE = 100;

const DEFINE: Readonly<Record<BrokerCommand, (command: Command, files: string[]) => void>> = {
  start(command, files) {
    command.argument("[task]", "the task; else --task, --prompt-file or stdin (a quoted heredoc keeps it exact)");
    addTaskOptions(command);
    addFileOptions(command, files);
    addSessionOptions(command);
    addSettingsOptions(command);
    addRunOptions(command);
    addEnvironmentOptions(command)
      .addOption(
        new Option("--approvals <mode>", "ask: wait for approve or deny; never (the default): declined and listed")
          .choices(["never", "ask"])
          .default("never"),
      )
      .addOption(numberOption("--answer-timeout <s>", "how long a question or an approval waits; 0: for ever", 86_400))
      .addOption(numberOption("--linger <s>", "how long Codex is kept warm without work; 0: not at all", 300))
      .addOption(
        numberOption("--life-limit <s>", "after how long the worker ends, whatever it does; 0: never", 172_800),
      )
      .option("--worktree", "work in a git worktree of its own; see patch and apply", false)
      .option("--allow-shared-worktree", "write where another session writes", false)
      .addOption(waitOption());
  },
  send(command, files) {
    command
      .argument("[id]", ID)
      .argument("[message]", "the message; else --task, --prompt-file or stdin")
      .option("--queue", "after what waits already (the default)", false)
      .option("--steer", "into the running turn; a new turn when it has just ended", false)
      .option("--interrupt", "stop the turn, keep the thread, and go first", false)
      .option("--key <key>", "the same key again is the same message and is not run twice");
    addTaskOptions(command);
    addFileOptions(command, files);
    addSettingsOptions(command).addOption(waitOption());
  },
  answer(command) {
    command
      .argument("[id]", ID)
      .argument("[text]", "the answer; else --task, --prompt-file or stdin")
      .option("--question <id>", "which question, where several are open");
    addTaskOptions(command).addOption(waitOption());
  },
  approve: (command) => void command.argument("[id]", ID).addOption(waitOption()),
  deny: (command) => void command.argument("[id]", ID).argument("[reason]", "why").addOption(waitOption()),
  status: (command) => void command.argument("[id]", ID).option("--json", "print JSON", false),
  summary: (command) => void command.argument("[id]", ID),
  list(command) {
    command.option("--all", "those of every workspace", false).option("--json", "print JSON", false);
  },
  wait(command) {
    command
      .argument("[ids...]", ID)
      .addOption(
        numberOption(
          "--timeout <s>",
          "how long to wait; 0: for ever; when it ends first: exit 0, and status= says what goes on",
          WAIT_SLICE,
        ),
      )
      .option("--any", "until one of several settles", false)
      .option("--strict", "exit 2 when the time ends first", false);
  },
  logs(command) {
    command
      .argument("[id]", ID)
      .option("--follow", "go on as it happens", false)
      .option("--events", "the journal (NDJSON) instead of the activity log", false);
  },
  watch: (command) => void command.argument("[ids...]", ID).option("--all", "the sessions of every workspace", false),
  patch: (command) => void command.argument("[id]", ID),
  apply: (command) => void command.argument("[id]", ID),
  stop: (command) => void command.argument("[id]", ID).option("--all", "every session of this workspace", false),
  resume: (command) => void command.argument("[id]", ID).addOption(waitOption()),
  clean(command) {
    command
      .option("--older-than <age>", "how old, in days, hours or minutes: 7d (the default), 12h, 30m", "7d")
      .option("--dry-run", "only tell what would be removed", false);
  },
};

const ID = "the session: its id, a beginning that only it has, or @name in this workspace";

function waitOption(): Option {
  const text = `then wait as codex_broker wait does (default: ${WAIT_SLICE})`;
  return new Option("--wait [s]", text).preset(String(WAIT_SLICE)).argParser((given) => integer(given, "--wait"));
}

/** `--wait` may stand alone: what follows it and is no number is the task, or the next flag. */
function withWaits(argv: readonly string[]): readonly string[] {
  const end = argv.indexOf("--");
  return argv.map((word, index) => {
    const next = argv[index + 1];
    const alone = word === "--wait" && (next === undefined || !/^\d+$/.test(next)) && (end === -1 || index < end);
    return alone ? `--wait=${WAIT_SLICE}` : word;
  });
}
