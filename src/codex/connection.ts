import type { Readable, Writable } from "node:stream";
import type * as z from "zod/mini";
import { AskCodexError } from "../errors.ts";
import { parseJson } from "../files/json-line.ts";
import { type LineOptions, lineSplitter } from "../files/json-lines.ts";
import type { Notification } from "./turn-event.ts";

/** A request that Codex sends to us; it waits for `respond`. */
export interface ServerRequest extends Notification {
  readonly id: number | string;
}

export interface Connection {
  /** Rejects with `RpcError` when Codex refuses, with `ConnectionClosed` when it goes away first. */
  request<T>(method: string, params: unknown, answer: z.ZodMiniType<T>): Promise<T>;
  notify(method: string): void;
  respond(id: ServerRequest["id"], answer: Response): void;
  /** Fails every open request; later ones fail at once. */
  close(): void;
}

export type Response = { readonly result: unknown } | { readonly error: { code: number; message: string } };

export interface Listener {
  notification(notification: Notification): void;
  request(request: ServerRequest): void;
}

/** Codex refused a request: its code, its sentence, its data. */
export class RpcError extends Error {
  readonly code: number;
  readonly data: unknown;

  constructor(method: string, error: { code?: unknown; message?: unknown; data?: unknown }) {
    super(String(error.message ?? `${method} was refused`));
    this.name = new.target.name;
    this.code = Number(error.code ?? 0);
    this.data = error.data;
  }
}

/** The app-server went away before it answered. */
export class ConnectionClosed extends Error {
  override readonly name = "ConnectionClosed";
}

/** JSON-RPC as the app-server speaks it: one object a line, no `jsonrpc` field, requests in both directions. */
export function connect(
  input: Writable,
  output: Readable,
  listener: Listener,
  shorten?: NonNullable<LineOptions["shorten"]>,
): Connection {
  const open = new Map<number, PendingCall>();
  let nextId = 1;
  let closed = false;
  const send = (message: object) => {
    if (!closed) input.write(`${JSON.stringify(message)}\n`);
  };
  // A Codex that has gone away breaks the pipe; its exit is what counts, not the EPIPE.
  input.on("error", () => {});
  output.on(
    "data",
    lineSplitter((line) => receive(line, open, listener), { most: MOST_BYTES, ...(shorten && { shorten }) }),
  );
  return {
    request(method, params, answer) {
      const id = nextId++;
      const answered = new Promise<Incoming | Error>((resolve) => {
        if (closed) resolve(new ConnectionClosed(method));
        else open.set(id, { method, resolve });
      });
      send({ id, method, params });
      return answered.then((message) => readAnswer(method, message, answer));
    },
    notify: (method) => send({ method }),
    respond: (id, response) => send({ id, ...response }),
    close() {
      closed = true;
      for (const { resolve } of open.values()) resolve(new ConnectionClosed("the app-server is gone"));
      open.clear();
    },
  };
}

// Codex caps a command's output at 1 MB, and what is long is shortened: a line that is still longer is a fault.
const MOST_BYTES = 64 * 1024 * 1024;

interface PendingCall {
  readonly method: string;
  readonly resolve: (message: Incoming | Error) => void;
}

interface Incoming {
  readonly id?: number | string;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { code?: unknown; message?: unknown; data?: unknown } | null;
}

// A command that prints 60 MB makes thousands of these, 24 MB in all. All that counts of them is that they came.
const OUTPUT_DELTA = Buffer.from('{"method":"item/commandExecution/outputDelta"');
const OUTPUT_DELTA_METHOD = "item/commandExecution/outputDelta";

function receive(line: Buffer, open: Map<number, PendingCall>, listener: Listener): void {
  if (line.subarray(0, OUTPUT_DELTA.length).equals(OUTPUT_DELTA)) {
    listener.notification({ method: OUTPUT_DELTA_METHOD, params: undefined });
    return;
  }
  const message = parse(line);
  if (message === undefined) return;
  const { id, method, params } = message;
  const request = open.get(Number(id));
  // Codex has other requests than we: what sends ours back is an echo, and would never answer one.
  const echo = typeof method === "string" && request?.method === method;
  if (typeof method === "string" && !echo) {
    if (id === undefined) listener.notification({ method, params });
    else listener.request({ id, method, params });
    return;
  }
  open.delete(Number(id));
  request?.resolve(echo ? new AskCodexError("codex_incompatible", ECHO) : message);
}

const ECHO = "the program only echoes its input: it is not an app-server";

/** A line that is not a JSON object is noise of some library inside Codex, not a protocol error. */
function parse(line: Buffer): Incoming | undefined {
  const message = parseJson(line.toString("utf8"));
  return typeof message === "object" && message !== null ? message : undefined;
}

function readAnswer<T>(method: string, message: Incoming | Error, answer: z.ZodMiniType<T>): T {
  if (message instanceof Error) throw message;
  if (message.error) throw new RpcError(method, message.error);
  const parsed = answer.safeParse(message.result);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = `${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}`;
  throw new AskCodexError("protocol", `Codex answered ${method} in a form that is not understood (${where})`);
}
