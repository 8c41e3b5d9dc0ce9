import { isatty } from "node:tty";
import { UsageError } from "../errors.ts";

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
  const { readPromptFile, readStdin } = await import("./text-input.ts");
  if (promptFile !== undefined) return readPromptFile(promptFile, process.stdin);
  return isatty(0) ? "" : readStdin(process.stdin);
}

/** The task as an argument or with --task; not both. */
export function oneTask(task: string | undefined, argument: string | undefined): string | undefined {
  if (task !== undefined && argument !== undefined)
    throw new UsageError(`Unexpected argument: ${argument} (the text came with --task)`);
  return task ?? argument;
}
