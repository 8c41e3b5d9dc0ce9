import type { CommandUnknownOpts } from "@commander-js/extra-typings";
import { COMMANDS as ASK, TASK } from "../ask/main.ts";
import { BATCH, COMMANDS as BATCHES } from "../batch/main.ts";
import { COMMANDS as BROKER } from "../broker/main.ts";
import type { Commands } from "../command/program.ts";
import { FORWARDED, type Forwards, TAKEN_BACK } from "../edge/sibling.ts";
import { COMMANDS as HANDOFF } from "../handoff/main.ts";
import { REVIEW, COMMANDS as REVIEWS } from "../review/main.ts";

/** Where a command line can be, by the commands typed so far: `ask_codex handoff`. */
export interface Place {
  readonly at: string;
  /** The commands that can come next. */
  readonly commands: readonly Word[];
  readonly flags: readonly Flag[];
}

interface Word {
  readonly name: string;
  readonly what: string;
  /** The place that it leads to. */
  readonly to: string;
}

export interface Flag {
  readonly names: readonly string[];
  readonly what: string;
  readonly takesValue: boolean;
  /** What the value can be; empty: anything. */
  readonly choices: readonly string[];
}

/** The programs that are completed. */
export const PROGRAMS = ["ask-codex", "ask_codex", "codex_broker"] as const;

/** Every place of every program, from what the commands themselves say that they take. `own`: the commands of `ask-codex`. */
export function places(own: Commands): readonly Place[] {
  return [
    ...placesOf("ask-codex", own, { forwards: FORWARDED }),
    ...placesOf("ask_codex", ASK, { usual: TASK, forwards: TAKEN_BACK }),
    ...placesOf("ask_codex handoff", HANDOFF, {}),
    ...placesOf("ask_codex review", REVIEWS, { usual: REVIEW }),
    ...placesOf("ask_codex batch", BATCHES, { usual: BATCH }),
    ...placesOf("codex_broker", BROKER, {}),
  ];
}

interface Around {
  /** What is done where no command is named. */
  readonly usual?: Made;
  readonly forwards?: Forwards;
}

interface Made {
  make(title: string, what: string): CommandUnknownOpts;
}

function placesOf(at: string, commands: Commands, { usual, forwards = {} }: Around): readonly Place[] {
  const own = Object.entries(commands).map(([name, { what }]) => ({ name, what, to: `${at} ${name}` }));
  const elsewhere = Object.entries(forwards).map(([name, { what, program, words }]) => ({
    ...{ name, what },
    to: [program, ...words].join(" "),
  }));
  const below = Object.entries(commands).flatMap(([name, { what, command }]) =>
    isMade(command) ? [{ at: `${at} ${name}`, commands: [], flags: flagsOf(command.make(name, what)) }] : [],
  );
  const flags = usual === undefined ? [HELP, VERSION] : flagsOf(usual.make(at, ""));
  return [{ at, commands: [...own, ...elsewhere], flags }, ...below];
}

function isMade(command: object): command is Made {
  return "make" in command;
}

const HELP: Flag = { names: ["-h", "--help"], what: "print this help", takesValue: false, choices: [] };
const VERSION: Flag = { names: ["-V", "--version"], what: "print the version", takesValue: false, choices: [] };

function flagsOf({ options }: CommandUnknownOpts): readonly Flag[] {
  const flags = options
    .filter(({ hidden }) => !hidden)
    .map(({ short, long, description, required, argChoices = [] }) => ({
      names: [short, long].filter((name) => name !== undefined),
      what: description,
      takesValue: required,
      choices: argChoices,
    }));
  return [...flags, HELP];
}
