import { once } from "node:events";
import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { AskCodexError, asExpected, isErrno } from "../errors.ts";
import { readPlainOr } from "../files/read-plain.ts";
import { oneLine } from "../text/defuse.ts";
import { ConnectionClosed } from "./connection.ts";
import type { LaunchedCodex } from "./launch.ts";
import { kindSaid, mainLine } from "./sentences.ts";

export interface ServerExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly error: Error | null;
}

/** The app-server ended before it was ready. */
export class StartFailed extends Error {
  override readonly name = "StartFailed";
  readonly exit: ServerExit;

  constructor(exit: ServerExit) {
    super("the app-server ended before it was ready");
    this.exit = exit;
  }
}

/**
 * Waits for what is asked of a server that has just been started.
 * @throws StartFailed when the server goes away first
 */
export async function whileStarting<T>(
  server: { readonly exited: Promise<ServerExit> },
  asked: Promise<T>,
): Promise<T> {
  const gone = server.exited.then((exit) => Promise.reject(new StartFailed(exit)));
  try {
    return await Promise.race([gone, asked]);
  } catch (error) {
    // The connection breaks a moment before the exit is known, and the exit is what explains it.
    if (error instanceof ConnectionClosed) return await gone;
    throw error;
  }
}

/**
 * Why a Codex that ended before it was ready did so; any other error is left as it is. Only its stderr says why; it is read
 * for that alone, and only here: once Codex runs, stderr is noise.
 */
export async function explainStart(error: unknown, stderrPath: string): Promise<unknown> {
  if (!(error instanceof StartFailed)) return error;
  const gone = serverGone(error.exit);
  if (gone.kind !== "protocol") return gone;
  const stderr = readPlainOr(stderrPath, "");
  const said = mainLine(stderr);
  // A launcher that is there and cannot start what it launches.
  const lacksNode = error.exit.code === 127 && LACKS_NODE.test(stderr);
  const kind = lacksNode ? "codex_missing" : (kindSaid("start", stderr) ?? "codex_incompatible");
  const message = `Codex ${howItWent(error.exit)} before it was ready${said === "" ? "" : `: ${oneLine(said, 300)}`}`;
  return new AskCodexError(kind, message, { cause: gone, ...(lacksNode ? { hint: GIVE_NODE } : {}) });
}

// As env, busybox and the shells say it, each with quotes of its own.
const LACKS_NODE = /\bnode['’]?: (?:No such file or directory|(?:command )?not found)/;
const GIVE_NODE =
  "This Codex is started by Node, which is not on its PATH: put Node there, or set ASK_CODEX_COMMAND to a codex that needs none.";

/** The app-server ended while it was needed. */
export function serverGone(exit: ServerExit): AskCodexError {
  const { code, signal, error } = exit;
  if (error !== null) {
    const missing = isErrno(error, "ENOENT", "EACCES", "ENOEXEC");
    const what = "Codex could not be started";
    if (missing) return new AskCodexError("codex_missing", `${what}: ${error.message}`);
    // No descriptor, no process, no memory left: that is the machine's, and named as that.
    const known = asExpected(error, what);
    return known.kind === "system" ? known : new AskCodexError("protocol", known.message, { cause: error });
  }
  // A launcher reports its child's death by SIGKILL as 137.
  if (signal === "SIGKILL" || code === 137) return new AskCodexError("codex_killed", "Codex was killed");
  return new AskCodexError("protocol", `Codex ${howItWent(exit)} in the middle of its work`);
}

/** `exited with code 1`, to be put after "Codex". */
function howItWent({ code, signal }: ServerExit): string {
  if (signal !== null) return `was ended by ${signal}`;
  return code === null ? "closed its connection" : `exited with code ${code}`;
}

/** `exit` alone may come before the last lines were read; `close` alone waits for any other process that holds the pipe. */
export async function exitOf(exit: LaunchedCodex["exit"], pipes: readonly Readable[]): Promise<ServerExit> {
  try {
    const [code, signal] = await exit;
    const open = pipes.filter(({ readableEnded }) => !readableEnded).map((pipe) => once(pipe, "end"));
    if (open.length > 0) await Promise.race([Promise.all(open), sleep(DRAIN_MS, undefined, { ref: false })]);
    return { code, signal, error: null };
  } catch (error) {
    return { code: null, signal: null, error: error as Error };
  }
}

// What is left in a pipe of a dead process is read in one go; a surviving grandchild must not make us wait.
const DRAIN_MS = 100;

// A server that exits closes its stdout a moment before.
const HANG_UP_MS = 500;

export async function hungUp(stdout: Readable): Promise<ServerExit> {
  await once(stdout, "end");
  return sleep(HANG_UP_MS, { code: null, signal: null, error: null }, { ref: false });
}
