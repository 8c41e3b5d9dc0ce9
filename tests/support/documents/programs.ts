import type { CommandUnknownOpts } from "@commander-js/extra-typings";
import { ABOUT, COMMANDS as ASK, TASK } from "../../../src/cli/ask/main.ts";
import { BATCH, COMMANDS as BATCHES } from "../../../src/cli/batch/main.ts";
import { COMMANDS as BROKER } from "../../../src/cli/broker/main.ts";
import type { DefinedCommand } from "../../../src/cli/command/define-command.ts";
import type { Commands } from "../../../src/cli/command/program.ts";
import { COMMANDS as HANDOFF } from "../../../src/cli/handoff/main.ts";
import { REVIEW, COMMANDS as REVIEWS } from "../../../src/cli/review/main.ts";
import { COMMANDS as SETUP } from "../../../src/cli/setup/main.ts";

/** A command of a program, to be asked what it takes. */
export interface Known {
  readonly title: string;
  readonly what: string;
  make(): CommandUnknownOpts;
  /** @throws UsageError */
  parse(argv: readonly string[]): { readonly text: string } | { readonly args: unknown; readonly options: unknown };
}

export type Table = Readonly<Record<string, Known>>;

/** `ask_codex` without a subcommand. */
export const task = {
  ...known("ask_codex", ABOUT, TASK),
  parse: (argv: readonly string[]) => TASK.parse({ title: "ask_codex", what: ABOUT, argv }),
};
/** `ask_codex review` without a subcommand. */
export const review = {
  ...known("ask_codex review", "", REVIEW),
  parse: (argv: readonly string[]) => REVIEW.parse({ title: "ask_codex review", what: "Review a change", argv }),
};
/** The subcommands of ask_codex that are one command; `handoff` and `review` are programs of their own. */
export const subcommands = tableOf("ask_codex", ASK);
export const handoff = tableOf("ask_codex handoff", HANDOFF);
/** `ask_codex batch` without a subcommand. */
export const batch = {
  ...known("ask_codex batch", "", BATCH),
  parse: (argv: readonly string[]) => BATCH.parse({ title: "ask_codex batch", what: "Carry out a plan", argv }),
};
export const batches = tableOf("ask_codex batch", BATCHES);
export const reviews = tableOf("ask_codex review", REVIEWS);
export const broker = tableOf("codex_broker", BROKER);
export const setup = tableOf("ask-codex", SETUP);

/** The words that make `ask_codex` something else than a task. */
export const SUBCOMMANDS: ReadonlySet<string> = new Set(Object.keys(ASK));

/** The command with this name. */
export function commandOf(table: Table, name: string): Known {
  const found = table[name];
  if (found === undefined) throw new Error(`there is no command ${name}`);
  return found;
}

function tableOf(program: string, commands: Commands): Table {
  const entries = Object.entries(commands).flatMap(([name, { what, command }]) =>
    isDefined(command) ? [[name, known(`${program} ${name}`, what, command)] as const] : [],
  );
  return Object.fromEntries(entries);
}

type AnyDefined = DefinedCommand<unknown[], Record<string, unknown>>;

function isDefined(command: object): command is AnyDefined {
  return "make" in command && "parse" in command;
}

function known(title: string, what: string, command: Pick<AnyDefined, "parse"> & { make: AnyDefined["make"] }): Known {
  return {
    title,
    what,
    make: () => command.make(title, what),
    parse: (argv) => command.parse({ title, what, argv }),
  };
}
