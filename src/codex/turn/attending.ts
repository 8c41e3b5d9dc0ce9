import type { Connection, ServerRequest } from "../connection.ts";
import type { Declined } from "../server-requests.ts";
import { type Toolbox, type ToolCall, toolCall, toolResponse } from "../tools.ts";
import { type Attendant, type OpenRequest, openRequest, responseTo } from "./attended-requests.ts";
import type { Clocks } from "./clocks.ts";

interface Attended {
  readonly attendant: Attendant | null;
  readonly toolbox: Toolbox | null;
  readonly connection: Connection;
  readonly clocks: Clocks;
  readonly noteDeclined: (declined: Declined) => void;
}

/**
 * Brings what Codex asks in a turn to its attendant, and calls of our tools to what answers them. As long as anything is
 * open, the turn's clocks stand still.
 */
export class Attending {
  readonly #attended: Attended;
  readonly #open = new Map<string, AbortController>();

  constructor(attended: Attended) {
    this.#attended = attended;
  }

  /** False for a request that waits for no one: it is decided at once. */
  take(message: ServerRequest): boolean {
    const { toolbox, attendant } = this.#attended;
    const call = toolbox && toolCall(message, toolbox);
    if (toolbox !== null && call !== null) {
      void this.#call(message, call, toolbox);
      return true;
    }
    const request = attendant && openRequest(message);
    if (attendant === null || request === null) return false;
    void this.#ask(message, request, attendant);
    return true;
  }

  /** Codex has settled it without an answer of ours. */
  drop(id: string): void {
    this.#open.get(id)?.abort();
  }

  /** The turn is over. */
  close(): void {
    for (const waiting of this.#open.values()) waiting.abort();
  }

  async #ask(message: ServerRequest, request: OpenRequest, attendant: Attendant): Promise<void> {
    const reply = await this.#wait(request.id, (signal) => attendant.answer(request, signal));
    if (reply === null) return;
    const { connection, noteDeclined } = this.#attended;
    const { response, declined } = responseTo(message, request, reply);
    connection.respond(message.id, response);
    if (declined !== null) noteDeclined(declined);
  }

  async #call({ id }: ServerRequest, call: ToolCall, toolbox: Toolbox): Promise<void> {
    const reply = await this.#wait(String(id), (signal) => toolbox.call(call, signal));
    if (reply !== null) this.#attended.connection.respond(id, toolResponse(reply));
  }

  /** Null: no one waits for it any more. */
  async #wait<T>(id: string, work: (signal: AbortSignal) => Promise<T>): Promise<T | null> {
    const { clocks } = this.#attended;
    const waiting = new AbortController();
    this.#open.set(id, waiting);
    clocks.pause();
    const reply = await work(waiting.signal);
    this.#open.delete(id);
    if (this.#open.size === 0) clocks.resume();
    return waiting.signal.aborted ? null : reply;
  }
}
