import { type Attendant, type OpenRequest, openRequest, responseTo } from "../attended-requests.ts";
import type { Connection, ServerRequest } from "../connection.ts";
import type { Declined } from "../server-requests.ts";
import type { Clocks } from "./clocks.ts";

/** Brings what Codex asks in a turn to whoever attends to it. As long as anything is open, the turn's clocks stand still. */
export class Attending {
  readonly #attendant: Attendant;
  readonly #connection: Connection;
  readonly #clocks: Clocks;
  readonly #noteDeclined: (declined: Declined) => void;
  readonly #open = new Map<string, AbortController>();

  constructor(
    attendant: Attendant,
    connection: Connection,
    clocks: Clocks,
    noteDeclined: (declined: Declined) => void,
  ) {
    this.#attendant = attendant;
    this.#connection = connection;
    this.#clocks = clocks;
    this.#noteDeclined = noteDeclined;
  }

  /** False for a request that nobody needs to be asked about. */
  take(message: ServerRequest): boolean {
    const request = openRequest(message);
    if (request !== null) void this.#ask(message, request);
    return request !== null;
  }

  /** Codex has settled it without an answer of ours. */
  drop(id: string): void {
    this.#open.get(id)?.abort();
  }

  /** The turn is over. */
  close(): void {
    for (const waiting of this.#open.values()) waiting.abort();
  }

  async #ask(message: ServerRequest, request: OpenRequest): Promise<void> {
    const waiting = new AbortController();
    this.#open.set(request.id, waiting);
    this.#clocks.pause();
    const reply = await this.#attendant.answer(request, waiting.signal);
    this.#open.delete(request.id);
    if (this.#open.size === 0) this.#clocks.resume();
    if (waiting.signal.aborted) return;
    const { response, declined } = responseTo(message, request, reply);
    this.#connection.respond(message.id, response);
    if (declined !== null) this.#noteDeclined(declined);
  }
}
