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
  ...["patch", "apply", "stop", "resume", "rename", "forget", "clean", "orchestrate"],
];

/** What must be typed for each word that is a command somewhere. */
export const COMMAND_LINES: Readonly<Record<string, string>> = Object.fromEntries([
  ...BROKER.map((name) => [name, `codex_broker ${name}`]),
  ...OWN.map((name) => [name, `ask_codex ${name}`]),
]);

/** The options of a task that commands of ask_codex take as well, by the names of their values: any other argument is a task. */
export const SHARED: readonly string[] = [
  ...["workspace", "json", "quiet", "output", "focus", "model", "reasoning", "config", "verifyRounds", "sandboxChecks"],
  ...["timeout", "idleTimeout", "retryWindow", "cleanEnv", "keepEnv"],
];

/**
 * A task of one word that is a command somewhere was hardly meant as a task, and would be a paid run with write access. So was one that
 * is nearly a command of ask_codex, unless an option that only tasks take says otherwise. `given`: the options that were said.
 * @throws UsageError that says how to give it as a task
 */
export function refuseMistyped(argument: string | undefined, given: ReadonlySet<string>): void {
  if (argument === undefined || !/^[\w-]+$/.test(argument)) return;
  const hint = `As a task: --task ${argument}`;
  if (OWN.includes(argument))
    throw new UsageError(`"${argument}" is a command of ask_codex, and comes first: ask_codex ${argument}`, hint);
  const isTask = [...given].some((name) => !SHARED.includes(name));
  const [meant] = BROKER.includes(argument) ? [argument] : isTask ? [] : nearest(argument, OWN);
  if (meant === undefined) return;
  throw new UsageError(`"${argument}" is not a command of ask_codex. Did you mean ${COMMAND_LINES[meant]}?`, hint);
}
