import { Command, CommanderError, Option, type OptionValues } from "@commander-js/extra-typings";
import { UsageError } from "../../errors.ts";
import { isTooLong, parseDuration } from "../../text/words.ts";
import { VERSION } from "../edge/version.ts";
import { type AnyCommand, faultOf, refuseExcess, swallowedText, timeFault } from "./line-faults.ts";

const HELP = "-h, --help";

/** What a command line comes to: the text to print when it asks for help or the version, else its arguments and options. */
export type Parsed<Args, Options> =
  | { readonly text: string }
  | {
      readonly args: Args;
      readonly options: Options;
      /** The options that were said, by the names of their values. */
      readonly given: ReadonlySet<string>;
    };

/** A command of ours: `what` it does, in one line, and what `define` lets it take. */
export function makeCommand<Args extends unknown[], Options extends OptionValues>(
  title: string,
  what: string,
  define: (command: Command) => Command<Args, Options>,
): Command<Args, Options> {
  const command = new Command(title)
    .description(`${what[0]?.toUpperCase()}${what.slice(1).replace(/\.?$/, ".")}`)
    .configureHelp({ optionDescription: describeOption });
  const defined = define(command);
  if (defined.options.some(({ helpGroupHeading }) => helpGroupHeading !== undefined)) defined.optionsGroup("Help:");
  return defined
    .version(VERSION, "-V, --version", "print the version")
    .helpOption(HELP, "print this help")
    .allowExcessArguments(true)
    .exitOverride();
}

/**
 * Reads a command line by the command's options.
 * @throws UsageError naming the flag and the fix
 */
export function parseCommand<Args extends unknown[], Options extends OptionValues>(
  make: () => Command<Args, Options>,
  argv: readonly string[],
): Parsed<Args, Options> {
  let text = "";
  const command = make().configureOutput({
    writeOut: (part) => {
      text += part;
    },
    writeErr: () => {},
  });
  const words = withPresets(command, argv);
  const flags = [...flagsIn(command, words)];
  // They win over everything else that is given, and over what is wrong with it.
  if (flags.some(({ flag }) => flag === "-h" || flag === "--help")) command.outputHelp();
  else if (flags.some(({ flag }) => ["--version", "-V", "-v"].includes(flag))) text = `${VERSION}\n`;
  if (text !== "") return { text };
  const missing = flags.find((found) => found.missing);
  if (missing) throw new UsageError(`${missing.flag} needs a value.`);
  const swallowed = flags.find(({ flag }) => /^-[^-].*\s/.test(flag))?.flag;
  if (swallowed !== undefined) throw swallowedText(swallowed, command);
  try {
    command.parse([...words], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    throw faultOf(error, command, words);
  }
  refuseExcess(command);
  const given = new Set(Object.keys(command.opts()).filter((name) => command.getOptionValueSource(name) === "cli"));
  return { args: command.processedArgs, options: command.opts(), given };
}

/** An option that may come several times. */
export function listOption<Flags extends string>(flags: Flags, text: string) {
  const none: readonly string[] = [];
  return new Option(flags, text)
    .default(none, "")
    .argParser((value: string, before: readonly string[]): readonly string[] => [...before, value]);
}

/** An option that takes a whole number. */
export function numberOption<Flags extends string>(flags: Flags, text: string, value: number) {
  return new Option(flags, text).default(value).argParser((given) => integer(given, flags));
}

/** An option that takes a time, in seconds or with a unit. */
export function timeOption<Flags extends string>(flags: Flags, text: string, value: number) {
  return new Option(flags, text).default(value).argParser((given) => seconds(given, flags));
}

/** An option that takes a time, or stands alone for `preset`. */
export function presetOption<Flags extends string>(flags: Flags, text: string, preset: number) {
  return new Option(flags, text).preset(String(preset)).argParser((given) => seconds(given, flags));
}

/** Only a default that is a number says anything: an empty list and a switch that is off go without saying. */
function describeOption({ description, defaultValue }: Pick<Option, "description" | "defaultValue">): string {
  return typeof defaultValue === "number" ? `${description} (default: ${defaultValue})` : description;
}

/** A text that is given once: of two, one would be lost without a word. */
export function onceOption<Flags extends string>(flags: Flags, text: string) {
  const name = /--[\w-]+/.exec(flags)?.[0];
  return new Option(flags, text).argParser((value: string, before: string | undefined): string => {
    if (before === undefined) return value;
    throw new UsageError(`${name} came twice: drop one.`);
  });
}

/** An option that takes a time, where a number alone is minutes. Its value is in minutes. */
export function minutesOption<Flags extends string>(flags: Flags, text: string, value: number) {
  return new Option(flags, text).default(value).argParser((given) => seconds(given, flags, "m") / 60);
}

export function integer(given: string, flags: string): number {
  const flag = flags.split(" ")[0];
  if (!/^\d+$/.test(given)) throw new UsageError(`${flag} must be a non-negative integer.`);
  if (given.length > 9) throw new UsageError(`${flag} must be ${MOST} at most.`);
  return Number(given);
}

/**
 * `bare`: the unit of a number alone.
 * @throws UsageError for what is not a time, or is too long
 */
function seconds(given: string, flags: string, bare: keyof typeof BARE = "s"): number {
  const text = /\d$/.test(given) ? `${given}${bare}` : given;
  const found = (parseDuration(text) ?? Number.NaN) / 1000;
  if (Number.isInteger(found) && !isTooLong(text)) return found;
  throw timeFault(flags.split(" ")[0], given, `${BARE[bare]}, 90s, 10m, 2h or 7d`);
}

const BARE = { s: "600 (seconds)", m: "60 (minutes)" };

// Nine digits.
const MOST = 999_999_999;

/** What follows an option with a preset and is not a time is not its value: it is the task, or the next flag. */
function withPresets({ options }: AnyCommand, argv: readonly string[]): readonly string[] {
  const presets = new Map(
    options.flatMap(({ long, presetArg }) => (presetArg === undefined ? [] : [[long, presetArg]])),
  );
  const end = argv.indexOf("--");
  return argv.map((word, index) => {
    const preset = presets.get(word);
    const alone = preset !== undefined && parseDuration(argv[index + 1] ?? "") === null && (end === -1 || index < end);
    return alone ? `${word}=${preset}` : word;
  });
}

/** Each flag and its value. commander takes whatever comes next for a value, a flag included; here a flag is not a value. */
function* flagsIn(command: AnyCommand, argv: readonly string[]): Generator<{ flag: string; missing: boolean }> {
  const options = [...command.options, command.createOption(HELP)];
  const version = command.options.find(({ long }) => long === "--version");
  // Where no flag of the command's own is -v, it is the version: that is what it is tried for.
  const named = new Map(version === undefined ? [] : [["-v" as string | undefined, version] as const]);
  for (const option of options) for (const name of [option.short, option.long]) named.set(name, option);
  for (let index = 0; index < argv.length; index++) {
    const word = argv[index] ?? "";
    if (word === "--") return;
    const [flag, inline] = word.startsWith("--") ? splitFlag(word) : [word];
    const option = named.get(flag);
    const glued = option === undefined && /^-[^-]/.test(word) ? named.get(word.slice(0, 2)) : undefined;
    if (glued?.required && glued.long !== "--task") yield { flag: word, missing: false };
    if (option === undefined) continue;
    const next = argv[index + 1];
    const value =
      inline ??
      (option.required && next !== undefined && !(named.has(splitFlag(next)[0]) && !/\s/.test(next))
        ? next
        : undefined);
    // An empty task is reported as what it is.
    yield { flag, missing: option.required && !value && !(value === "" && option.long === "--task") };
    if (inline === undefined && value !== undefined) index++;
  }
}

function splitFlag(word: string): [flag: string, value?: string] {
  const at = word.indexOf("=");
  return at === -1 ? [word] : [word.slice(0, at), word.slice(at + 1)];
}
