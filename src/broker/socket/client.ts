import { once } from "node:events";
import type { Socket } from "node:net";
import type * as z from "zod/mini";
import { AskCodexError, isErrno } from "../../errors.ts";
import { lineSplitter } from "../../files/json-lines.ts";
import { connectIn, PROTOCOL } from "./connect-in.ts";
import { errorKindOf, type Request, readReply, VERSION_HINT } from "./protocol.ts";

/** A connection to a session's worker. */
export interface WorkerConnection {
  /**
   * @throws WorkerGone when it went away, or did not answer in time
   * @throws AskCodexError with the worker's objection
   */
  call<T>(request: Request, result: z.ZodMiniType<T>): Promise<T>;
  /** Hears what is pushed after a `watch`. */
  onPush(listener: (status: unknown) => void): void;
  /** Resolves when the connection has ended, by whomever. */
  readonly closed: Promise<void>;
  close(): void;
}

/** No one answers for the session. */
export class WorkerGone extends Error {
  override readonly name = "WorkerGone";
  /** Someone took the connection, and did not answer. */
  readonly silent: boolean;

  constructor({ silent = false } = {}) {
    super(silent ? "the session's worker does not answer" : "the session has no worker");
    this.silent = silent;
  }
}

// A worker answers within milliseconds; on a machine that is busy beyond measure it may take its time.
const ANSWER_LIMIT_MS = 10_000;

/** Connects to the worker of a session; null when there is none. */
export async function connectWorker(folder: string): Promise<WorkerConnection | null> {
  const socket = await connectIn(folder);
  if (socket === null) return null;
  try {
    await once(socket, "connect");
  } catch (error) {
    // A socket without a listener is what a dead worker leaves.
    if (isErrno(error, "ENOENT", "ECONNREFUSED", "ENOTDIR", "ECONNRESET", "EPIPE")) return null;
    throw error;
  }
  return converse(socket);
}

/** One request to the worker of a session, and its answer. */
export async function call<T>(folder: string, request: Request, result: z.ZodMiniType<T>): Promise<T> {
  const worker = await connectWorker(folder);
  if (worker === null) throw new WorkerGone();
  try {
    return await worker.call(request, result);
  } finally {
    worker.close();
  }
}

function converse(socket: Socket): WorkerConnection {
  const open = new Map<number, (line: string | null) => void>();
  let listener: (status: unknown) => void = () => {};
  let nextId = 1;
  socket.on("error", () => {});
  socket.on(
    "data",
    lineSplitter((bytes) => {
      const line = bytes.toString("utf8");
      const reply = readReply(line);
      if (reply === null) return;
      if ("push" in reply) return listener(reply.push);
      open.get(reply.id)?.(line);
    }),
  );
  const closed = new Promise<void>((resolve) => {
    socket.on("close", () => {
      for (const give of open.values()) give(null);
      resolve();
    });
  });
  return {
    async call(request, result) {
      // It has gone since: nothing would ever be said to this.
      if (socket.destroyed) throw new WorkerGone();
      const id = nextId++;
      const line = await new Promise<string | null | undefined>((resolve) => {
        const timer = setTimeout(() => resolve(undefined), ANSWER_LIMIT_MS);
        open.set(id, (answer) => {
          clearTimeout(timer);
          resolve(answer);
        });
        socket.write(`${JSON.stringify({ v: PROTOCOL, id, ...request })}\n`);
      });
      open.delete(id);
      if (line === null || line === undefined) throw new WorkerGone({ silent: line === undefined });
      return readResult(line, result);
    },
    onPush(next) {
      listener = next;
    },
    closed,
    close: () => socket.destroy(),
  };
}

function readResult<T>(line: string, result: z.ZodMiniType<T>): T {
  const reply = readReply(line);
  if (reply !== null && "error" in reply) {
    const { kind, message, hint } = reply.error;
    throw new AskCodexError(errorKindOf(kind), message, { hint });
  }
  const parsed = reply !== null && "result" in reply ? result.safeParse(reply.result) : null;
  if (parsed?.success) return parsed.data;
  throw notUnderstood();
}

/** What a worker of another build may make of its answers. */
export function notUnderstood(): AskCodexError {
  const what = "the session's worker answered in a form that is not understood";
  return new AskCodexError("protocol", what, { hint: VERSION_HINT });
}
