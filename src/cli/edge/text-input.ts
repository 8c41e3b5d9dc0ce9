import { readFile } from "node:fs/promises";
import { isatty } from "node:tty";
import { messageOf, UsageError } from "../../errors.ts";

/**
 * Reads a prompt file as it is, or stdin for `-`.
 * @throws UsageError when it cannot be read, or is no UTF-8 and so could not arrive as it was written
 */
export async function readPromptFile(path: string): Promise<string> {
  if (path === "-") return readAll();
  const bytes = await readFile(path).catch((error: unknown) => {
    throw new UsageError(`--prompt-file cannot be read: ${path} (${messageOf(error)})`);
  });
  return decode(bytes, `--prompt-file ${path}`);
}

/** Reads stdin to its end, however long it is; from a terminal nothing. */
export async function readStdin(): Promise<string> {
  return isatty(0) ? "" : readAll();
}

async function readAll(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk);
  return decode(Buffer.concat(chunks), "stdin");
}

function decode(bytes: Buffer, source: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new UsageError(`${source} is not valid UTF-8, so it cannot reach Codex as it is.`);
  }
}
