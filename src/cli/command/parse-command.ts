import { Command, CommanderError, Option } from "commander";
import { UsageError } from "../../errors.ts";
import { VERSION } from "../edge/version.ts";

const HELP = "-h, --help";

/** A command of ours: `what` it does, in one line, and the options that `define` gives it. */
export function makeCommand(title: string, what: string, define: (command: Command) => void): Command {
  const command = new Command(title)
    .description(`${what[0]?.toUpperCase()}${what.slice(1).replace(/\.?$/, ".")}`)
    .configureHelp({ optionDescription: describeOption });
  define(command);
  return command
    .version(VERSION, "--version", "print the version")
    .helpOption(HELP, "print this help")
    .allowExcessArguments(true)
    .exitOverride();
}

/**
 * Reads a command line by the command's options. Resolves with the text to print when it asks for help or the version.
 * @throws UsageError naming the flag and the mend
 */
export function parseCommand(make: () => Command, argv: readonly string[]): { command: Command; text: string } {
  let text = "";
  const command = make().configureOutput({
    writeOut: (part) => {
      text += part;
    },
    writeErr: () => {},
  });
  const given = [...flagsIn(command, argv)];
  // They win over whatever else is said, and over what is wrong with it.
  if (given.some(({ flag }) => flag === "-h" || flag === "--help")) command.outputHelp();
  else if (given.some(({ flag }) => flag === "--version")) text = `${VERSION}\n`;
  if (text !== "") return { command, text };
  const missing = given.find((found) => found.missing);
  if (missing) throw new UsageError(`${missing.flag} needs a value.`);
  try {
    command.parse([...argv], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    throw new UsageError(inOurWords(error));
  }
  return { command, text };
}

/** An option that may come several times. */
export function listOption(flags: string, text: string): Option {
  const more = (value: string, before: readonly string[]) => [...before, value];
  return new Option(flags, text).default([], "").argParser(more);
}

/** An option that takes a whole number. */
export function numberOption(flags: string, text: string, value?: number): Option {
  return new Option(flags, text).default(value).argParser((given) => integer(given, flags));
}

/** Only a default that is a number says anything: an empty list and a switch that is off go without saying. */
function describeOption({ description, defaultValue }: Option): string {
  return typeof defaultValue === "number" ? `${description} (default: ${defaultValue})` : description;
}

export function integer(given: string, flags: string): number {
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
