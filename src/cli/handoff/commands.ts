import { type Command, Option } from "commander";
import { UsageError } from "../../errors.ts";
import { LESSON_KINDS, type Lesson } from "../../handoff/contract/lesson.ts";
import { makeCommand, numberOption, parseCommand } from "../command/parse-command.ts";
import type { PlanFlags } from "../command/prepare-plan.ts";
import {
  addEnvironmentOptions,
  addLimitOptions,
  addSessionOptions,
  addSettingsOptions,
} from "../command/turn-options.ts";

export type HandoffCommand = keyof typeof HANDOFF_COMMANDS;

/** Every command, with its line in the overview. */
export const HANDOFF_COMMANDS = {
  new: "write a document CODEX-<NAME>.md, filled in with an example",
  check: "find every gap in a document",
  run: "let Codex work by a document, and judge what it did",
  verify: "judge work that is already there, by whomever",
  learn: "add a lesson to the project's, for tasks on the same files",
  convert: "turn a document into a JSON task request, or the other way round",
} as const;

/** The command with this name, as commander knows it. */
export function handoffCommand(name: HandoffCommand): Command {
  return makeCommand(`ask_codex handoff ${name}`, HANDOFF_COMMANDS[name], DEFINE[name]);
}

/** What every command's words come to. */
export interface HandoffWords {
  /** The document; of `new` the name. */
  readonly file: string;
  /** The argument after it; empty for none. */
  readonly text: string;
  readonly flags: Readonly<Record<string, unknown>>;
}

/** `-w`, and what else a command that looks at a document takes. */
export interface PlaceFlags {
  readonly workspace?: string;
}

export interface CheckFlags extends PlaceFlags {
  readonly json: boolean;
}

export interface LearnFlags extends PlaceFlags {
  readonly kind: Lesson["kind"];
}

export interface ConvertFlags {
  readonly output?: string;
}

export interface VerifyWords {
  readonly file: string;
  readonly flags: CheckFlags & { readonly base?: string };
}

export interface RunWords {
  readonly file: string;
  readonly flags: PlanFlags & {
    readonly worktree: boolean;
    readonly onViolation: string;
    readonly json: boolean;
    readonly quiet: boolean;
  };
}

/**
 * Reads the words of one command.
 * @throws UsageError naming the word and the mend
 */
export function parseHandoff(
  name: HandoffCommand,
  argv: readonly string[],
): { readonly words: HandoffWords } | { readonly text: string } {
  const { command, text } = parseCommand(() => handoffCommand(name), argv);
  if (text !== "") return { text };
  const { registeredArguments: wanted, args } = command;
  const extra = args[wanted.length];
  if (extra !== undefined) throw new UsageError(`Unexpected argument: ${extra} (quote what holds blanks)`);
  const flags = { ...UNSET, ...command.opts<{ readonly verifyRounds?: number }>() };
  if ((flags.verifyRounds ?? 0) > MOST_ROUNDS)
    throw new UsageError(`--verify-rounds ${flags.verifyRounds} is too many: ${MOST_ROUNDS} at most.`);
  return { words: { file: args[0] ?? "", text: args[1] ?? "", flags } };
}

/** Lists of the turn's flags that no document needs: it says them itself. */
const UNSET = { files: [], image: [], expectFile: [] };

/** What two rounds do not mend is no matter of another one. */
const ROUNDS = 2;
const MOST_ROUNDS = 3;

const DOCUMENT = "the document: markdown with front matter, or a JSON task request";
const WORKSPACE = "a folder of the repository that it is about (default: here)";

const DEFINE: Readonly<Record<HandoffCommand, (command: Command) => void>> = {
  new: (command) =>
    void command.argument("<name>", "what it is about, in a word").option("-w, --workspace <path>", WORKSPACE),
  check: (command) => void addJson(withDocument(command)),
  run(command) {
    command.argument("<file>", DOCUMENT);
    addSessionOptions(command)
      .option("--worktree", "work in a git worktree of its own, and leave the result there", false)
      .addOption(
        new Option("--on-violation <what>", "with edits out of bounds: keep (the default), revert or stash them")
          .choices(["keep", "revert", "stash"])
          .default("keep"),
      )
      .addOption(
        numberOption(
          "--verify-rounds <n>",
          `hand failures back to Codex up to n times, ${MOST_ROUNDS} at most`,
          ROUNDS,
        ),
      );
    addSettingsOptions(command);
    addLimitOptions(command)
      .option("-o, --output <path>", "where the report goes (default: into the run's folder)")
      .option("--events <path>", "append the run's journal to this file as well (NDJSON)")
      .option("--quiet", "no progress on stderr", false);
    addEnvironmentOptions(addJson(command));
  },
  verify(command) {
    addJson(withDocument(command)).option("--base <rev>", "what the work began from (default: HEAD)");
  },
  learn(command) {
    withDocument(command)
      .argument("<lesson>", "what was learned, in a sentence or two")
      .addOption(
        new Option("--kind <kind>", "pattern (the default), anti-pattern or quality-bar")
          .choices([...LESSON_KINDS])
          .default("pattern"),
      );
  },
  convert: (command) =>
    void command.argument("<file>", DOCUMENT).option("-o, --output <path>", "write it to a new file instead of stdout"),
};

function withDocument(command: Command): Command {
  return command.argument("<file>", DOCUMENT).option("-w, --workspace <path>", WORKSPACE);
}

function addJson(command: Command): Command {
  return command.option("--json", "print one JSON object instead of key=value lines", false);
}
