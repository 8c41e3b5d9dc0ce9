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
  /** What the words can be that are neither. */
  readonly takes: Value;
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
  /** What follows it; null: it stands alone. */
  readonly value: Value | null;
}

/** What a word can be. With no choices and no path it is anything. */
interface Value {
  readonly choices: readonly string[];
  /** The kind of path that it can be; null: it is not one. */
  readonly path: "any" | "directory" | null;
}

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
    isMade(command) ? [{ at: `${at} ${name}`, commands: [], ...taken(command.make(name, what)) }] : [],
  );
  const here = usual === undefined ? { flags: [HELP, VERSION], takes: NOTHING } : taken(usual.make(at, ""));
  return [{ at, commands: [...own, ...elsewhere], ...here }, ...below];
}

function isMade(command: object): command is Made {
  return "make" in command;
}

const HELP: Flag = { names: ["-h", "--help"], what: "print this help", value: null };
const VERSION: Flag = { names: ["-V", "--version"], what: "print the version", value: null };
const NOTHING: Value = { choices: [], path: null };

/** What a command takes: flags, and words that are paths or name one. */
function taken({ options, registeredArguments }: CommandUnknownOpts): Pick<Place, "flags" | "takes"> {
  const flags = options
    .filter(({ hidden }) => !hidden)
    .map(({ short, long, description, required, flags: said, argChoices = [] }) => ({
      names: [short, long].filter((name) => name !== undefined),
      what: description,
      value: required ? { choices: argChoices, path: pathOf(said) } : null,
    }));
  return {
    flags: [...flags, HELP],
    takes: {
      choices: registeredArguments.flatMap(({ argChoices = [] }) => argChoices),
      path: registeredArguments.some((argument) => PATHS.includes(argument.name())) ? "any" : null,
    },
  };
}

/** Arguments that are paths, or texts that name one. */
const PATHS = ["file", "plan", "task", "goal", "message"];

/** What flags call a value that is a path, or a text that names one. A folder has no word of its own. */
function pathOf(said: string): Value["path"] {
  if (!/<(path|file|command|glob)>/.test(said)) return null;
  return /--(workspace|add-dir) /.test(said) ? "directory" : "any";
}
