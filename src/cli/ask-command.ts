import { Command, CommanderError, Option } from "commander";
import { UsageError } from "../errors.ts";
import { VERSION } from "./version.ts";

/** What the command line says, before anything is looked up or resolved. */
export interface AskFlags {
  readonly task?: string;
  readonly promptFile?: string;
  readonly files: readonly string[];
  readonly workspace?: string;
  readonly session?: string;
  readonly fork: boolean;
  readonly name?: string;
  readonly model?: string;
  readonly reasoning?: string;
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
  readonly output?: string;
  readonly events?: string;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly cleanEnv: boolean;
  readonly keepEnv: readonly string[];
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
  let text = "";
  const files: string[] = [];
  const command = askCommand(files).configureOutput({
    writeOut: (part) => {
      text += part;
    },
    writeErr: () => {},
  });
  const given = [...flagsIn(command, argv)];
  // They win over whatever else is said, and over what is wrong with it.
  if (given.some(({ flag }) => flag === "-h" || flag === "--help")) command.outputHelp();
  else if (given.some(({ flag }) => flag === "--version")) text = `${VERSION}\n`;
  if (text !== "") return { type: "text", text };
  const missing = given.find((found) => found.missing);
  if (missing) throw new UsageError(`${missing.flag} needs a value.`);
  try {
    command.parse([...argv], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    throw new UsageError(inOurWords(error));
  }
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
  const more = (value: string, before: readonly string[]) => [...before, value];
  const addFile = (value: string) => {
    files.push(value);
    return undefined;
  };
  const list = (flags: string, text: string) => new Option(flags, text).default([], "").argParser(more);
  const seconds = (flags: string, text: string, value: number) =>
    new Option(flags, text).default(value).argParser((given) => integer(given, flags));
  return new Command("ask_codex")
    .description("Hand one task to Codex; get one answer, one exit code.")
    .configureHelp({ optionDescription: describeOption })
    .usage("[options] [task]\n       ask_codex sessions [--all] [--json]")
    .argument("[task]", "the task; else --task, --prompt-file or stdin (a quoted heredoc keeps it exact)")
    .option("-t, --task <text>", "the task, also one that begins with a dash or is named like a subcommand")
    .option("--prompt-file <path>", "read the task from a file")
    .addOption(
      new Option(
        "-f, --file <path>",
        "a file to read first: path, path:12, path:12-20, path#L3 (repeatable)",
      ).argParser(addFile),
    )
    .addOption(new Option("--focus <path>", "the same as --file").argParser(addFile))
    .addOption(list("--image <path>", "an image to look at (repeatable)"))
    .option("-w, --workspace <path>", "where Codex works (default: here; with --session: where it worked)")
    .option("--session <id>", "continue a session by id, or by @name in this workspace")
    .option("--fork", "with --session: branch off into a new session", false)
    .option("--name <name>", "name the session for --session @name")
    .option("--model <name>", "model (default: the Codex configuration's, or the session's)")
    .option("--reasoning <level>", "reasoning effort, as Codex names it (default: likewise)")
    .option("--sandbox <mode>", "read-only, workspace-write (default) or danger-full-access")
    .option("--read-only", "Codex may look and run commands, and write nothing", false)
    .option("--full-auto", "the same as --sandbox workspace-write", false)
    .option("--network", "network for commands (workspace-write only)", false)
    .addOption(list("--add-dir <path>", "another folder that may be written (workspace-write only, repeatable)"))
    .addOption(list("--config <key=value>", "override a setting of the Codex configuration (repeatable)"))
    .addOption(seconds("--timeout <s>", "total limit of a turn in seconds, granted twice; 0: none", 600))
    .addOption(seconds("--idle-timeout <s>", "limit without progress in seconds, granted twice; 0: none", 180))
    .addOption(seconds("--retry-window <s>", "how long to wait for a network that is away; 0: for ever", 15))
    .addOption(list("--expect-file <path>", "a file that must exist afterwards (repeatable)"))
    .option("--verify-cmd <command>", "a command that must succeed afterwards; run by ask_codex, 300 s at most")
    .addOption(seconds("--verify-rounds <n>", "hand a failed check back to Codex up to n times", 0))
    .option("--output-schema <path>", "a JSON Schema that the final answer must fit")
    .option("-o, --output <path>", "where the report goes (default: into the run's folder)")
    .option("--events <path>", "append the run's journal to this file as well (NDJSON)")
    .option("--json", "print one JSON object instead of key=value lines", false)
    .option("--quiet", "no progress on stderr", false)
    .option("--clean-env", "pass Codex an allowlist of the environment only", false)
    .addOption(list("--keep-env <name>", "pass this variable in any case (repeatable)"))
    .version(VERSION, "--version", "print the version")
    .helpOption(HELP, "print this help")
    .addHelpText("after", EXITS)
    .allowExcessArguments(true)
    .exitOverride();
}

const HELP = "-h, --help";

/** Only a default that is a number says anything: an empty list and a switch that is off go without saying. */
function describeOption({ description, defaultValue }: Option): string {
  return typeof defaultValue === "number" ? `${description} (default: ${defaultValue})` : description;
}

const EXITS = `
Exit codes: 0 completed · 1 failed or a check failed · 2 time ran out · 3 Codex cannot work now ·
            4 Codex asks a question (answer with --session) · 130/143/129 interrupted
Subcommand: sessions  list the sessions of this workspace (a task of that name needs --task)`;

function integer(given: string, flags: string): number {
  const flag = flags.split(" ")[0];
  if (!/^\d{1,9}$/.test(given)) throw new UsageError(`${flag} must be a non-negative integer.`);
  return Number(given);
}

/** Each flag and its value. commander takes whatever comes next for a value, a flag included; here a flag is none. */
function* flagsIn(command: Command, argv: readonly string[]): Generator<{ flag: string; missing: boolean }> {
  const options = [...command.options, command.createOption(HELP)];
  const named = new Map(options.flatMap((option) => [option.short, option.long].map((name) => [name, option])));
  for (let index = 0; index < argv.length; index++) {
    const word = argv[index] ?? "";
    if (word === "--") return;
    const [flag, inline] = word.startsWith("--") ? splitFlag(word) : [word];
    const option = named.get(flag);
    if (option === undefined) continue;
    const next = argv[index + 1];
    const value =
      inline ??
      (option.required && next !== undefined && !(named.has(splitFlag(next)[0]) && !/\s/.test(next))
        ? next
        : undefined);
    // An empty task is told as what it is, an empty task.
    yield { flag, missing: option.required && !value && !(value === "" && option.long === "--task") };
    if (inline === undefined && value !== undefined) index++;
  }
}

function splitFlag(word: string): [flag: string, value?: string] {
  const at = word.indexOf("=");
  return at === -1 ? [word] : [word.slice(0, at), word.slice(at + 1)];
}

function inOurWords({ code, message }: CommanderError): string {
  const said = message.replace(/^error: /, "").replace(/\n/g, " ");
  const quoted = /'([^']*)'/.exec(said)?.[1] ?? "";
  const maybe = /\(Did you mean [^)]*\)/.exec(said)?.[0];
  if (code === "commander.unknownOption") return `Unknown option: ${quoted}${maybe ? ` ${maybe}` : ""}`;
  return said;
}
