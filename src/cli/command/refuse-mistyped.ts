import { UsageError } from "../../errors.ts";
import { nearest } from "../../text/nearest.ts";
import { TAKEN_BACK } from "../edge/sibling.ts";

/** The words that make `ask_codex` something other than a task. */
const OWN = [
  "help",
  "sessions",
  "report",
  "models",
  "config",
  "batch",
  "handoff",
  "review",
  "route",
  "stats",
  ...Object.keys(TAKEN_BACK),
];

/** The commands of codex_broker. */
const BROKER = [
  ...["start", "send", "answer", "approve", "deny", "status", "summary", "list", "wait", "logs", "watch"],
  ...["patch", "apply", "stop", "resume", "forget", "clean", "orchestrate"],
];

/** What must be typed for each word that is a command somewhere. */
export const COMMAND_LINES: Readonly<Record<string, string>> = Object.fromEntries([
  ...BROKER.map((name) => [name, `codex_broker ${name}`]),
  ...OWN.map((name) => [name, `ask_codex ${name}`]),
]);

/**
 * A task of one word that is nearly a command, or is a command of codex_broker, was hardly meant as a task, and would be a paid run
 * with write access.
 * @throws UsageError that says how to give it as a task
 */
export function refuseMistyped(argument: string | undefined): void {
  if (argument === undefined || !/^[\w-]+$/.test(argument)) return;
  const [meant] = BROKER.includes(argument) ? [argument] : nearest(argument, OWN);
  if (meant === undefined) return;
  throw new UsageError(
    `"${argument}" is not a command of ask_codex. Did you mean ${COMMAND_LINES[meant]}?`,
    `As a task: --task ${argument}`,
  );
}
