import { UsageError } from "../../errors.ts";
import { outliveReaders, printAtOnce } from "../edge/stdio.ts";
import { VERSION } from "../edge/version.ts";
import { reportError } from "../output/report-error.ts";

/** A program of several commands, one a call. */
export interface Commands<Name extends string, Given extends object> {
  /** `codex_broker` */
  readonly program: string;
  /** Every command, with its line in the overview. */
  readonly commands: Readonly<Record<Name, string>>;
  readonly about: string;
  readonly exits: string;
  /** What else may be meant by a command that is none; empty when nothing is. */
  readonly otherwise: string;
  parse(name: Name, argv: readonly string[]): Given | { readonly text: string };
  perform(name: Name, given: Given): Promise<number>;
}

/** Does what the first word says; the exit code is left to it. */
export async function runCommands<Name extends string, Given extends object>(
  commands: Commands<Name, Given>,
  argv: readonly string[],
): Promise<void> {
  try {
    process.exitCode = await run(commands, argv);
  } catch (error) {
    const name = isOneOf(commands, argv[0]) ? `${argv[0]} ` : "";
    process.exitCode = reportError(error, argv.includes("--json"), `See ${commands.program} ${name}--help.`);
  }
}

async function run<Name extends string, Given extends object>(
  commands: Commands<Name, Given>,
  [name, ...rest]: readonly string[],
): Promise<number> {
  if (name === undefined || ["-h", "--help", "help"].includes(name)) {
    printAtOnce(overview(commands));
    return name === undefined ? 1 : 0;
  }
  if (name === "--version") {
    printAtOnce(`${VERSION}\n`);
    return 0;
  }
  if (!isOneOf(commands, name)) {
    const hint = [`See ${commands.program} --help.`, commands.otherwise].join(" ").trimEnd();
    throw new UsageError(`Unknown command: ${name}`, hint);
  }
  const given = commands.parse(name, rest);
  if ("text" in given) {
    printAtOnce(given.text);
    return 0;
  }
  outliveReaders();
  return commands.perform(name, given);
}

function isOneOf<Name extends string>(
  { commands }: { readonly commands: Readonly<Record<Name, string>> },
  name: string | undefined,
): name is Name {
  return Object.hasOwn(commands, name ?? "");
}

function overview({ program, commands, about, exits }: Commands<never, object>): string {
  const width = Math.max(...Object.keys(commands).map((name) => name.length));
  const lines = Object.entries<string>(commands).map(([name, what]) => `  ${name.padEnd(width)}  ${what}`);
  return `Usage: ${program} <command> [options]

${about}

Commands:
${lines.join("\n")}

${program} <command> --help tells what it takes.

Exit codes: ${exits}
`;
}
