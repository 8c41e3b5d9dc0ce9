import * as z from "zod/mini";
import { type AskCodexError, ERROR_KINDS, type ErrorKind } from "../../errors.ts";
import { parseJsonLine } from "../../files/json-line.ts";
import { stateFile } from "../store/state-file.ts";
import { PROTOCOL } from "./connect-in.ts";

/**
 * What commands and a session's worker say to each other: one JSON object a line, a request and its response, and what is pushed to
 * who watches. The socket reads and rings; whatever decides something is a file, since a sandboxed command may reach the socket.
 */

/** What to do when a worker and a command of different versions do not understand each other. */
export const VERSION_HINT =
  "Stop the session (codex_broker stop) and go on with it (codex_broker resume): a new worker then serves it.";

const text = z.string();

const requests = z.discriminatedUnion("type", [
  z.object({ type: z.literal("status") }),
  /** As `status`, and again whenever it changes. */
  z.object({ type: z.literal("watch") }),
  /** A message lies in the queue. */
  z.object({ type: z.literal("deliver"), message_id: text }),
  /** A word lies in the session's folder (`store/word.ts`). */
  z.object({ type: z.literal("word"), word_id: text }),
]);

export type Request = z.infer<typeof requests>;

const envelope = z.looseObject({ v: z.number(), id: z.number() });

/** What a run is doing, beyond what its journal says; asked for and never stored. */
const live = z.object({
  phase: text,
  last_event: z.nullable(text),
  /** Seconds. */
  last_event_age: z.nullable(z.number()),
  running_command: z.nullable(text),
  /** The last that was begun, in one line; a worker of an older version does not say. */
  last_command: z._default(z.nullable(text), null),
  tokens: z.nullable(z.number()),
  plan: z.array(z.object({ step: text, status: text })),
  /** Of an orchestration: what is being worked on, by whom, since how many seconds, and what was last seen of it. */
  delegations: z._default(
    z.array(z.object({ task_id: text, executor: z.nullable(text), seconds: z.number(), action: text })),
    [],
  ),
});

export type Live = z.infer<typeof live>;

export const sessionStatus = z.object({ state: stateFile, live });
export type SessionStatusNow = z.infer<typeof sessionStatus>;

export const deliveries = z.object({
  delivered: z.enum(["started", "queued", "steered", "answered", "duplicate"]),
  pending_count: z.number(),
  /** When a message that was put into the turn is read, if not at once. */
  read_when: z.optional(z.string()),
});
export type Delivery = z.infer<typeof deliveries>;

export const leftOpen = z.object({ left: z.number() });
export const decided = z.object({ what: text, left: z.number() });
export const yielded = z.object({ yielded: z.boolean() });
export const done = z.object({});

const reply = z.union([
  z.object({ v: z.number(), id: z.number(), result: z.unknown() }),
  z.object({ v: z.number(), id: z.number(), error: z.object({ kind: text, message: text, hint: text }) }),
  z.object({ v: z.number(), push: z.unknown() }),
]);
export type SocketReply = z.infer<typeof reply>;

export type ReadRequest =
  | { readonly type: "request"; readonly id: number; readonly request: Request }
  | { readonly type: "refused"; readonly id: number; readonly message: string };

/** Reads what a command says; null for what is not a request at all. */
export function readRequest(line: string): ReadRequest | null {
  const message = parseJsonLine(line, envelope);
  if (message === null) return null;
  const { v, id } = message;
  if (v > PROTOCOL)
    return {
      type: "refused",
      id,
      message: `this session's worker is of an older version (protocol ${PROTOCOL}, the command speaks ${v})`,
    };
  const request = requests.safeParse(message);
  if (request.success) return { type: "request", id, request: request.data };
  return { type: "refused", id, message: "this session's worker does not understand the request" };
}

export function readReply(line: string): SocketReply | null {
  return parseJsonLine(line, reply);
}

export function errorKindOf(word: string): ErrorKind {
  return Object.hasOwn(ERROR_KINDS, word) ? (word as ErrorKind) : "internal";
}

export function errorReply(id: number, { kind, message, hint }: Pick<AskCodexError, "kind" | "message" | "hint">) {
  return { v: PROTOCOL, id, error: { kind, message, hint } };
}
