import { once } from "node:events";
import type { Socket } from "node:net";
import { isErrno } from "../../errors.ts";
import { lineSplitter } from "../../files/json-lines.ts";
import { isObject, usualState } from "../store/state-shape.ts";
import { connectIn, PROTOCOL } from "./connect-in.ts";
import type { Delivery, Request, SessionStatusNow } from "./protocol.ts";

/**
 * A talk with a session's worker in which all is as usual, without zod. What is out of the ordinary (an error, another form, an end, no
 * word in time) is null: `client.ts`, which knows the whole protocol, then must ask again.
 */
export interface UsualTalk {
  ask(request: Request): Promise<unknown>;
  /** The next status that is pushed after a `watch`. */
  pushed(): Promise<unknown>;
  close(): void;
}

/** `none`: there is no worker. */
export async function talkTo(folder: string): Promise<UsualTalk | "none" | null> {
  const socket = await connectIn(folder);
  if (socket === null) return "none";
  try {
    await once(socket, "connect");
    return talk(socket);
  } catch (error) {
    socket.destroy();
    return isErrno(error, "ENOENT", "ECONNREFUSED", "ENOTDIR") ? "none" : null;
  }
}

// A worker answers within milliseconds; who asks again has more patience.
const PATIENCE_MS = 1_000;

function talk(socket: Socket): UsualTalk {
  const answers: unknown[] = [];
  const pushes: unknown[] = [];
  let ended = false;
  let wake = () => {};
  const next = async (from: unknown[]) => {
    while (from.length === 0 && !ended) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    return from.shift() ?? null;
  };
  const onLine = (line: Buffer) => {
    const said = parsed(line);
    if (isObject(said) && "push" in said) pushes.push(said["push"]);
    else answers.push(said);
    wake();
  };
  socket.on("data", lineSplitter(onLine));
  socket.on("error", () => {});
  socket.on("close", () => {
    ended = true;
    wake();
  });
  let asked = 0;
  return {
    async ask(request) {
      const id = ++asked;
      socket.write(`${JSON.stringify({ v: PROTOCOL, id, ...request })}\n`);
      const timer = setTimeout(() => socket.destroy(), PATIENCE_MS);
      const reply = await next(answers).finally(() => clearTimeout(timer));
      return isObject(reply) && reply["id"] === id && typeof reply["v"] === "number" ? (reply["result"] ?? null) : null;
    },
    pushed: () => next(pushes),
    close: () => void socket.destroy(),
  };
}

function parsed(line: Buffer): unknown {
  try {
    return JSON.parse(line.toString("utf8"));
  } catch {
    return null;
  }
}

/** What `status` and `watch` are answered with. */
export function usualStatus(result: unknown): SessionStatusNow | null {
  const state = isObject(result) ? usualState(result["state"]) : null;
  if (state === null || !isObject(result) || !isLive(result["live"])) return null;
  return { state, live: result["live"] };
}

/** What a message that is delivered has come to. */
export function usualDelivery(result: unknown): Delivery | null {
  if (!isObject(result) || !Number.isFinite(result["pending_count"])) return null;
  return DELIVERED.some((word) => word === result["delivered"]) ? (result as Delivery) : null;
}

const DELIVERED: readonly Delivery["delivered"][] = ["started", "queued", "steered", "answered", "duplicate"];

function isLive(live: unknown): live is SessionStatusNow["live"] {
  if (!isObject(live) || typeof live["phase"] !== "string" || !Array.isArray(live["plan"])) return false;
  const texts = [live["last_event"], live["running_command"], live["last_command"]];
  const numbers = [live["last_event_age"], live["tokens"]];
  return (
    // Older workers have no field for it, and an orchestration's is for the schema.
    Array.isArray(live["delegations"]) &&
    live["delegations"].length === 0 &&
    texts.every((value) => value === null || typeof value === "string") &&
    numbers.every((value) => value === null || Number.isFinite(value)) &&
    live["plan"].every((step) => isObject(step) && [step["step"], step["status"]].every((of) => typeof of === "string"))
  );
}
