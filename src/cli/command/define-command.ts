import type { Command, OptionValues } from "@commander-js/extra-typings";
import { outliveReaders, printAtOnce } from "../edge/stdio.ts";
import { makeCommand, type Parsed, parseCommand } from "./parse-command.ts";

/** Something that a program can be called to do. */
export interface Runnable {
  /** Resolves with the exit code. */
  run(call: Call): Promise<number>;
}

export interface Call {
  /** What was typed to get here: `codex_broker start`. */
  readonly title: string;
  /** What it does, in one line. */
  readonly what: string;
  /** The words after the title. */
  readonly argv: readonly string[];
}

/** What a command takes, and what it does with it. The types of both come from the options themselves. */
export interface Definition<Args extends unknown[], Options extends OptionValues> {
  options(command: Command): Command<Args, Options>;
  /** Resolves with the exit code; `given` are the options that were said. What takes long to load is best imported in here: `--help` then does without. */
  run(args: Args, options: Options, given: ReadonlySet<string>): Promise<number>;
}

export interface DefinedCommand<Args extends unknown[], Options extends OptionValues> extends Runnable {
  /** The command as commander knows it: the documents are compared with it. */
  make(title: string, what: string): Command<Args, Options>;
  /** @throws UsageError naming the flag and the fix */
  parse(call: Call): Parsed<Args, Options>;
}

/** A command, ready for a line in a program's table. */
export function defineCommand<Args extends unknown[], Options extends OptionValues>({
  options,
  run,
}: Definition<Args, Options>): DefinedCommand<Args, Options> {
  const make = (title: string, what: string) => makeCommand(title, what, options);
  const parse = ({ title, what, argv }: Call) => parseCommand(() => make(title, what), argv);
  return {
    make,
    parse,
    async run(call) {
      const parsed = parse(call);
      if ("text" in parsed) {
        printAtOnce(parsed.text);
        return 0;
      }
      outliveReaders();
      return run(parsed.args, parsed.options, parsed.given);
    },
  };
}
