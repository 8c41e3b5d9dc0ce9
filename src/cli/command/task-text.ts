import { UsageError } from "../../errors.ts";

/** The task from the one place it was given in. Stdin is read only when nothing else was, and never from a terminal. */
export async function taskText({
  task,
  promptFile,
}: {
  readonly task?: string | undefined;
  readonly promptFile?: string | undefined;
}): Promise<string> {
  if (task !== undefined && promptFile !== undefined)
    throw new UsageError("The task came twice: drop --prompt-file or the text.");
  if (task !== undefined) return task;
  const { readPromptFile, readStdin } = await import("../edge/text-input.ts");
  if (promptFile !== undefined) return readPromptFile(promptFile);
  return readStdin();
}

/** @throws UsageError `missing` when there is none, or nothing but blanks */
export async function requiredText(
  missing: string,
  flags: { readonly task?: string; readonly promptFile?: string },
  argument: string | undefined,
): Promise<string> {
  const text = await taskText({ task: oneTask(flags.task, argument), promptFile: flags.promptFile });
  if (text.trim() !== "") return text;
  throw new UsageError(missing, "Pass it as an argument, with --task or --prompt-file, or on stdin.");
}

/** The task as an argument or with --task; not both. */
export function oneTask(task: string | undefined, argument: string | undefined): string | undefined {
  if (task !== undefined && argument !== undefined)
    throw new UsageError(`Unexpected argument: ${argument} (the text came with --task)`);
  return task ?? argument;
}
