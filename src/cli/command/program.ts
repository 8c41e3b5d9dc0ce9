import type { OptionValues } from "@commander-js/extra-typings";
import { printAtOnce } from "../edge/stdio.ts";
import { VERSION } from "../edge/version.ts";
import { reportError } from "../output/report-error.ts";
import { type Call, type DefinedCommand, type Definition, defineCommand, type Runnable } from "./define-command.ts";

/** A program of several commands, one a call. */
export interface Program {
  readonly about: string;
  readonly commands: Commands;
  /** What is done when no command is named. */
  readonly usual?: Runnable;
  /** Whether the usual command takes words of its own: a first word that names no command is then one of them, else it is refused. */
  readonly takesWords?: boolean;
  /** For the help: its commands, and those that another program does, each kind below its heading. */
  readonly groups?: Readonly<Record<string, Listed>>;
  /** The codes that it exits with, each with its meaning. */
  readonly exits: string;
  /** A few calls, each with what it is for, for the help. */
  readonly examples?: Examples;
  /** What may have been meant by a word that is refused. */
  readonly hint?: string;
}

type Listed = Readonly<Record<string, { readonly what: string }>>;

type Examples = Readonly<Record<string, string>>;

export type Commands = Readonly<Record<string, CommandEntry>>;

/** A command's line in the table of its program. */
interface CommandEntry {
  /** What it does, in one line. */
  readonly what: string;
  /** What follows its name in the help of a program with a usual command. */
  readonly usage?: string;
  readonly command: Runnable;
}

/** A program that does what the first word says. A failure before any run is reported here. */
export function defineProgram(program: Program): Runnable {
  return {
    async run(call) {
      try {
        return await perform(program, call);
      } catch (error) {
        const [name] = call.argv;
        const title = entryOf(program.commands, name) === undefined ? call.title : `${call.title} ${name}`;
        return reportError(error, call.argv.includes("--json"), `See ${title} --help.`);
      }
    },
  };
}

/** What the help of a usual command says beside its options. */
export interface UsualWords extends Pick<Program, "commands" | "exits" | "examples"> {
  /** What follows the title. */
  readonly usage?: string;
  /** How the usual command takes a word that names another one. */
  readonly otherwise?: string;
}

/** The usual command of a program: its help shows the other commands as well. */
export function defineUsual<Args extends unknown[], Options extends OptionValues>(
  { commands, exits, examples, usage = "[options] [task]", otherwise = "" }: UsualWords,
  { options, run }: Definition<Args, Options>,
): DefinedCommand<Args, Options> {
  return defineCommand({
    options(command) {
      const usages = Object.entries(commands).map(
        ([name, entry]) => `\n       ${command.name()} ${name} ${entry.usage ?? "[options]"}`,
      );
      const others = `Subcommands: ${listOf(commands, SUBCOMMAND)}${otherwise === "" ? "" : SUBCOMMAND + otherwise}`;
      return options(command)
        .usage(`${usage}${usages.join("")}`)
        .addHelpText("after", `\n${examplesText(examples)}Exit codes: ${exits}\n${others}`);
    },
    run,
  });
}

const SUBCOMMAND = `\n${" ".repeat("Subcommands: ".length)}`;

async function perform(program: Program, { title, argv }: Call): Promise<number> {
  const [name, ...rest] = argv;
  const entry = entryOf(program.commands, name);
  if (entry !== undefined) {
    return entry.command.run({ title: `${title} ${name}`, what: entry.what, argv: rest });
  }
  // `help X Y` is `X Y --help`, here or in the program that X is.
  if (name === "help" && /^(?!help$)[^-]/.test(rest[0] ?? "")) {
    if (entryOf(program.commands, rest[0]) === undefined)
      throw (await mistyped()).unknownCommand(program, title, rest[0] ?? "");
    return perform(program, { title, what: program.about, argv: [...rest, "--help"] });
  }
  if (program.takesWords && rest.length > 0 && name !== "help" && /^[a-z]\S*$/.test(name ?? ""))
    (await mistyped()).refuseMistypedFirst(program, title, argv);
  if (program.usual !== undefined && (program.takesWords || name === undefined || /^-|^help$/.test(name))) {
    return program.usual.run({ title, what: program.about, argv: name === "help" ? ["--help"] : argv });
  }
  if (name === undefined || ["-h", "--help", "help"].includes(name)) {
    printAtOnce(overview(program, title));
    return name === undefined ? 1 : 0;
  }
  if (["-V", "-v", "--version"].includes(name)) {
    printAtOnce(`${VERSION}\n`);
    return 0;
  }
  throw (await mistyped()).unknownCommand(program, title, name);
}

/** What most calls do not need costs them nothing. */
async function mistyped() {
  return import("./refuse-mistyped.ts");
}

function entryOf(commands: Commands, name: string | undefined): CommandEntry | undefined {
  return name !== undefined && Object.hasOwn(commands, name) ? commands[name] : undefined;
}

function overview({ commands, groups, about, exits, examples }: Program, title: string): string {
  const all = groups ?? { Commands: commands };
  const width = widthOf(Object.assign({}, ...Object.values(all)));
  const lists = Object.entries(all).map(([heading, some]) => `${heading}:\n  ${listOf(some, "\n  ", width)}\n`);
  return `Usage: ${title} <command> [options]

${about}

${lists.join("\n")}
${title} <command> --help lists what it takes.

${examplesText(examples)}Exit codes: ${exits}
`;
}

function examplesText(examples: Examples = {}): string {
  const lines = Object.entries(examples).map(([what, call]) => `  # ${what}\n  ${call}\n`);
  return lines.length === 0 ? "" : `Examples:\n${lines.join("")}\n`;
}

function widthOf(commands: Listed): number {
  return Math.max(...Object.keys(commands).map((name) => name.length));
}

function listOf(commands: Listed, separator: string, width = widthOf(commands)): string {
  return Object.entries(commands)
    .map(([name, { what }]) => `${name.padEnd(width)}  ${what}`)
    .join(separator);
}
