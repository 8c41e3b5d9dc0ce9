import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";
import { endWithUs } from "../../process/end-with-us.ts";
import { startChild } from "../../process/start-child.ts";

export interface GitProcess {
  readonly args: readonly string[];
  readonly cwd: string;
  /** Added to our own environment; undefined takes a variable out. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Without it git has no stdin at all. */
  readonly input?: Uint8Array | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly limits: GitLimits;
}

interface GitLimits {
  readonly timeMs: number;
  /** Bytes, of each stream. */
  readonly output: number;
  /** From SIGTERM to SIGKILL. */
  readonly graceMs: number;
}

export interface GitEnding {
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  /** Null: it did not exit by itself. */
  readonly exitCode: number | null;
  /** The signal that ended it, ours or another's. */
  readonly signal: NodeJS.Signals | null;
  /** Why we ended it: the first reason counts. */
  readonly endedFor: "abort" | "time" | "output" | null;
  /** It could not be started. */
  readonly error: Error | null;
}

/**
 * Runs git to its end; never rejects. When this resolves the process is gone. (Plain spawn: execa's own machinery costs as much
 * processor time as the small gits that a snapshot is made of, and loading it as much as half of Node's start.)
 */
export async function gitProcess({ args, cwd, env, input, signal, limits }: GitProcess): Promise<GitEnding> {
  const stdin = input === undefined ? "ignore" : "pipe";
  const child = startChild("git", args, { cwd, env: { ...process.env, ...env }, stdio: [stdin, "pipe", "pipe"] });
  if (child instanceof Error) return { ...NOTHING, error: child };
  endWithUs(child);
  let endedFor: GitEnding["endedFor"] = null;
  let kill: NodeJS.Timeout | undefined;
  let cutShort = () => {};
  const cut = new Promise<void>((resolve) => {
    cutShort = resolve;
  });
  const end = (reason: GitEnding["endedFor"]) => {
    if (endedFor !== null) return;
    endedFor = reason;
    child.kill("SIGTERM");
    kill = setTimeout(() => child.kill("SIGKILL"), limits.graceMs);
    cutShort();
  };
  const onAbort = () => end("abort");
  const timer = setTimeout(() => end("time"), limits.timeMs);
  signal?.addEventListener("abort", onAbort, { once: true });
  const stdout = gather(child.stdout, limits.output, () => end("output"));
  const stderr = gather(child.stderr, limits.output, () => end("output"));
  // A git that leaves without reading it all has an exit code that says why; the broken pipe says nothing more.
  child.stdin?.on("error", () => {});
  child.stdin?.end(input);
  const exit = await ending(child, cut);
  clearTimeout(timer);
  clearTimeout(kill);
  signal?.removeEventListener("abort", onAbort);
  return { ...exit, stdout: stdout(), stderr: stderr(), ...(endedFor !== null && { exitCode: null }), endedFor };
}

const NOTHING: Omit<GitEnding, "error"> = {
  stdout: Buffer.alloc(0),
  stderr: Buffer.alloc(0),
  exitCode: null,
  signal: null,
  endedFor: null,
};

/** Collects a stream; past the limit nothing more is kept. */
function gather(stream: Readable | null, limit: number, onMore: () => void): () => Buffer {
  const chunks: Buffer[] = [];
  let bytes = 0;
  stream?.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > limit) return onMore();
    chunks.push(chunk);
  });
  return () => Buffer.concat(chunks);
}

type Exit = Pick<GitEnding, "exitCode" | "signal" | "error">;

/** All output is read first, unless git was cut short: then its exit alone counts, whatever else holds the pipes. */
async function ending(child: ChildProcess, cut: Promise<void>): Promise<Exit> {
  const closed = once(child, "close");
  closed.catch(() => {});
  try {
    const [exitCode, signal] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
    await Promise.race([closed, cut]);
    return { exitCode, signal, error: null };
  } catch (error) {
    return { exitCode: null, signal: null, error: error as Error };
  } finally {
    child.stdout?.destroy();
    child.stderr?.destroy();
  }
}
