import { UsageError } from "../../errors.ts";
import { COMMAND_LINES, meantBy } from "./meant-by.ts";

/** What of a program matters here. */
interface Program {
  readonly commands: Readonly<Record<string, unknown>>;
  readonly hint?: string;
}

/**
 * A task of one word that is a command somewhere, or nearly one, was hardly meant as a task, and would be a paid run with write access.
 * @throws UsageError that says how to give it as a task
 */
export function refuseMistyped(argument: string): void {
  const word = argument.trim();
  // Commands are in lower case; "Wait" is a word to Codex.
  if (!/^[a-z][\w-]*$/.test(word)) return;
  const hint = `As a task: --task ${word}`;
  if (Object.hasOwn(COMMAND_LINES["ask_codex"]?.own ?? {}, word))
    throw new UsageError(`"${word}" is a command of ask_codex, and comes first: ask_codex ${word}`, hint);
  const [meant] = meantBy(word, "ask_codex", []);
  if (meant === undefined) return;
  throw new UsageError(`"${word}" is not a command of ask_codex. Did you mean ${meant}?`, hint);
}

/**
 * The first of several words, where it is nearly a command: before its flags are looked at, for those of a command are none of a task.
 * @throws UsageError
 */
export function refuseMistypedFirst(program: Program, title: string, [name = "", ...rest]: readonly string[]): void {
  if (rest[0]?.startsWith("-")) {
    if (title === "ask_codex" && !rest.some((word) => ASKS_ONLY.includes(word))) refuseMistyped(name);
    return;
  }
  // As a task it would be refused anyway, for its further words.
  if (meantBy(name, title, Object.keys(program.commands)).length > 0) throw unknownCommand(program, title, name);
}

const ASKS_ONLY = ["-h", "--help", "-V", "-v", "--version"];

/** For a word that had to be a command. */
export function unknownCommand({ commands, hint = "" }: Program, title: string, name: string): UsageError {
  const meant = meantBy(name, title, Object.keys(commands));
  const question = meant.length === 0 ? "" : `. Did you mean ${meant.join(" or ")}?`;
  return new UsageError(`Unknown command: ${name}${question}`, `See ${title} --help. ${hint}`.trimEnd());
}
