import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { signalGroup } from "./signal-group.ts";
import { startChild } from "./start-child.ts";

export interface ProgramRun {
  /** null: killed, or it could not be started. */
  readonly code: number | null;
  readonly timedOut: boolean;
  /** The beginning of both streams. */
  readonly output: string;
}

export interface ProgramOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly limitMs: number;
}

// A version or an error message; whatever is longer says it in its beginning.
const MOST_OUTPUT = 16_384;

// Reading what is in a pipe takes microseconds; a busy machine may take longer to come to it.
const LAST_WORDS_MS = 1_000;

/**
 * Runs a program without stdin, within a time limit, and ends its whole process group with it. Never rejects. (Plain spawn: execa ends
 * the one process that it started, not the group, and waits for every process that keeps the output open.)
 */
export async function runProgram(
  program: string,
  args: readonly string[],
  { cwd, env, limitMs }: ProgramOptions,
): Promise<ProgramRun> {
  const child = startChild(program, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"], detached: true });
  if (child instanceof Error) return { code: null, timedOut: false, output: String(child) };
  const streams = [child.stdout, child.stderr].filter((stream) => stream !== null);
  let output = "";
  for (const stream of streams) {
    stream.on("data", (chunk: Buffer) => {
      if (output.length < MOST_OUTPUT) output += chunk.toString();
    });
  }
  let timedOut = false;
  const endGroup = () => child.pid !== undefined && signalGroup(child.pid, "SIGKILL");
  const timer = setTimeout(() => {
    timedOut = true;
    endGroup();
  }, limitMs);
  try {
    const closed = once(child, "close");
    closed.catch(() => {});
    const [code] = (await once(child, "exit")) as [number | null];
    endGroup();
    // The last words may still be in the pipe. What has left the group may hold it open, and is not waited for.
    await Promise.race([closed, sleep(LAST_WORDS_MS, undefined, { ref: false })]);
    return { code, timedOut, output };
  } catch (error) {
    return { code: null, timedOut, output: String(error) };
  } finally {
    clearTimeout(timer);
    endGroup();
    for (const stream of streams) stream.destroy();
  }
}
