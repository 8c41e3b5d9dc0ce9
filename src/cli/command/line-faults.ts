import type { Command, CommanderError } from "@commander-js/extra-typings";
import { UsageError } from "../../errors.ts";
import { isTooLong } from "../../text/words.ts";

export type AnyCommand = Pick<Command, "args" | "registeredArguments" | "options" | "createOption">;

/** @throws UsageError for a word more than the command takes */
export function refuseExcess({ args, registeredArguments }: AnyCommand): void {
  if (registeredArguments.some(({ variadic }) => variadic)) return;
  const extra = args[registeredArguments.length];
  if (extra === undefined) return;
  const fix = registeredArguments.length === 0 ? "Only flags are taken here." : "Put text with spaces in quotes.";
  throw new UsageError(`Unexpected argument: ${extra}. ${fix}`);
}

/** A length of time that was given: what is wrong with it, if it is none that can be used. `use`: how one is written. */
export function timeFault(flag: string | undefined, given: string, use: string): UsageError {
  const why = isTooLong(given) ? "is too long: 31 years (999999999 seconds) are the most" : `is not a time: use ${use}`;
  return new UsageError(`${flag} ${given} ${why}.`);
}

/** `-fix the parser` is `-f` with a value to commander: a text with blanks is a task, which must not vanish in a flag. */
export function swallowedText(word: string, command: AnyCommand): UsageError {
  const [short, value] = [word.slice(0, 2), word.slice(2)];
  return new UsageError(
    `${word} would be read as ${short} with the value "${value}".`,
    `${afterDashes(command)} If you mean the flag, write: ${short} "${value}"`,
  );
}

/** What commander refuses, in our words. `words`: the command line. */
export function faultOf(error: CommanderError, command: AnyCommand, words: readonly string[]): UsageError {
  const hint = words.some((word) => /^-.*\s/.test(word)) ? afterDashes(command) : undefined;
  return new UsageError(inOurWords(error, command), hint);
}

function afterDashes({ registeredArguments, options }: AnyCommand): string {
  if (!options.some(({ long }) => long === "--task")) return "If it is not a flag, put -- before it.";
  return textAfterDashes(registeredArguments.at(-1)?.name() ?? "task");
}

/** For a text that was taken for a flag; `what` it is: a task, a message. */
export function textAfterDashes(what: string): string {
  return `If the ${what} begins with a dash, use --task or put -- before it.`;
}

function inOurWords({ code, message }: CommanderError, { options }: AnyCommand): string {
  const said = message.replace(/^error: /, "").replace(/\n/g, " ");
  const quoted = /'([^']*)'/.exec(said)?.[1] ?? "";
  if (code === "commander.missingArgument") return `The argument <${quoted}> is missing.`;
  if (code !== "commander.unknownOption") return said;
  // A flag that was broken off is one of those that begin so; commander would only look for one of the same length.
  const longer = options.flatMap(({ long }) =>
    quoted.length >= LEAST_LETTERS && long?.startsWith(quoted) ? long : [],
  );
  const maybe = longer.length > 0 ? `Did you mean ${longer.join(" or ")}?` : /\((Did you mean [^)]*)\)/.exec(said)?.[1];
  return `Unknown option: ${quoted}${maybe === undefined ? "" : `. ${maybe}`}`;
}

// The dashes and two letters.
const LEAST_LETTERS = 4;
