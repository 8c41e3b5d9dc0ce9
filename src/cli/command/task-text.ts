import { UsageError } from "../../errors.ts";
import { verbatim } from "../../text/markdown.ts";
import type { TaskFlags } from "./turn-options.ts";

/**
 * The task from the one place it was given in, else from stdin, but never from a terminal. What is on stdin beside a task follows it as a
 * block of its own: a diff that was piped in must not be lost without a word.
 */
export async function taskText(argument: string | undefined, flags: TaskFlags): Promise<string> {
  const { stdin: wait } = flags;
  // As with so many commands, and as with --prompt-file.
  const fromStdin = argument === "-";
  const task = oneTask(flags.task, fromStdin ? undefined : argument);
  if (fromStdin && (task ?? flags.promptFile) !== undefined)
    throw new UsageError("The task came twice: drop - or the other one.");
  const promptFile = fromStdin ? "-" : flags.promptFile;
  if (task !== undefined && promptFile !== undefined)
    throw new UsageError("The task came twice: drop --prompt-file or the text.");
  if (task?.trim() === "") return task;
  const { readBeside, readPromptFile, readStdin } = await import("../edge/text-input.ts");
  if (promptFile === "-") return readPromptFile(promptFile);
  if (promptFile === undefined && task === undefined) return readStdin();
  const text = task ?? (await readPromptFile(promptFile ?? ""));
  return withStdin(text, await readBeside({ wait }));
}

/** @throws UsageError `missing` when there is none, or nothing but blanks */
export async function requiredText(missing: string, flags: TaskFlags, argument: string | undefined): Promise<string> {
  const text = await taskText(argument, flags);
  if (text.trim() !== "") return text;
  throw new UsageError(missing, "Pass it as an argument, with --task or --prompt-file, or on stdin.");
}

/** The task, and after it what came on stdin. */
export function withStdin(task: string, stdin: string): string {
  if (stdin === "") return task;
  return `${task.trimEnd()}\n\nWhat came on stdin:\n\n${verbatim(stdin)}\n`;
}

/** The text comes with a flag, and so with no argument. */
export function comesWithFlag({ task, promptFile }: TaskFlags): boolean {
  return task !== undefined || promptFile !== undefined;
}

/** The task as an argument or with --task; not both. */
export function oneTask(task: string | undefined, argument: string | undefined): string | undefined {
  if (task !== undefined && argument !== undefined)
    throw new UsageError(`Unexpected argument: ${argument} (the text came with --task)`);
  return task ?? argument;
}
