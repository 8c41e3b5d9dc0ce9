import { fstatSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { isatty } from "node:tty";
import { fileFault, isErrno, UsageError } from "../../errors.ts";
import { readPipe } from "./read-pipe.ts";
import { writeErr } from "./stdio.ts";

/**
 * Reads a prompt file as it is, or stdin for `-`.
 * @throws UsageError when it cannot be read, or is not UTF-8 and so could not arrive as it was written
 */
export async function readPromptFile(path: string): Promise<string> {
  if (path === "-") return readAll();
  const bytes = await readFile(path).catch((error: unknown) => {
    throw new UsageError(`--prompt-file cannot be read: ${path} (${fileFault(error)})`);
  });
  return decode(bytes, `--prompt-file ${path}`);
}

/** Reads stdin to its end, however long it is, and says that it waits; from a terminal nothing. */
export async function readStdin(): Promise<string> {
  return isatty(0) ? "" : readAll();
}

/**
 * What a pipe or a file on stdin holds beside a task that came in another way; empty where there is none. A pipe that has given neither
 * byte nor end in time is a parent's that forgot to close it (cron, CI): it is named and left aside, but not with `wait`.
 * @throws UsageError when it gave something and then neither more nor its end: a part is not what was meant
 */
export async function readBeside({ wait }: { readonly wait: boolean }): Promise<string> {
  if (!isGiven()) return "";
  if (wait) return readAll();
  let note: NodeJS.Timeout | undefined;
  process.stdin.once("data", () => {
    note = noteOfWait();
  });
  const reading = readPipe(process.stdin, { firstMs: SLOW_MS, restMs: REST_MS });
  const { type, bytes } = await reading.finally(() => clearTimeout(note));
  if (type === "silent") {
    writeErr(
      `[WARNING] stdin is open but sent nothing for ${SLOW_MS / 1000} s, so it is ignored. Use --stdin to wait for it, or </dev/null to close it.\n`,
    );
    return "";
  }
  if (type === "stalled")
    throw new UsageError(
      `stdin gave ${bytes.length} bytes and then nothing for ${REST_MS / 1000} s, without an end.`,
      "Close it, or let --stdin wait for it.",
    );
  return decode(bytes, "stdin");
}

// A caller that means to pipe something has begun by then.
const SLOW_MS = 2_000;

// A build in a pipe may be silent for minutes.
const REST_MS = 300_000;

/** A pipe, also one that is a socket, as Node makes them; or a file. What /dev/null and terminals are is nothing. */
function isGiven(): boolean {
  try {
    const found = fstatSync(0);
    return found.isFIFO() || found.isSocket() || found.isFile();
  } catch (error) {
    if (isErrno(error, "EBADF")) return false;
    throw error;
  }
}

async function readAll(): Promise<string> {
  const note = noteOfWait();
  const { bytes } = await readPipe(process.stdin, { firstMs: null, restMs: null }).finally(() => clearTimeout(note));
  return decode(bytes, "stdin");
}

function noteOfWait(): NodeJS.Timeout {
  return setTimeout(() => writeErr("[codex] Waiting for the end of stdin.\n"), SLOW_MS);
}

function decode(bytes: Buffer, source: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new UsageError(`${source} is not valid UTF-8, so it cannot reach Codex as it is.`);
  }
}
