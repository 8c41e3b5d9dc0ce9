import { LONGEST_MS } from "../../bounds/time-limit.ts";
import type { AppServer } from "../app-server.ts";
import type { Attendant } from "../attended-requests.ts";
import { classifyProblem, httpStatusOf, isEndlessRetry } from "../classify-problem.ts";
import { ConnectionClosed, RpcError, type ServerRequest } from "../connection.ts";
import { advance, endTurn, newTurn, type Turn } from "../fold-turn.ts";
import { anyAnswer, turnStartAnswer } from "../messages.ts";
import { type Declined, decideRequest, declinedTool } from "../server-requests.ts";
import { mismatches, turnParams } from "../settings.ts";
import { PROGRESS, type TurnEvent, toTurnEvent } from "../turn-event.ts";
import { Attending } from "./attending.ts";
import { type Clocks, startClocks } from "./clocks.ts";
import type { TurnEnd, TurnOutcome, TurnRequest, TurnWatcher, UserInput } from "./outcome.ts";

/**
 * Runs one turn and waits for its end, whichever comes first: Codex's own word, the server's death, a time limit, a
 * cancel, a question that nobody attends to, an error that Codex would retry in vain. The first cause wins and is named; a turn
 * that still runs then is interrupted, so that its thread can go on. Never rejects.
 */
export function runTurn(
  server: AppServer,
  request: TurnRequest,
  signal: AbortSignal,
  watcher: TurnWatcher,
  attendant: Attendant | null = null,
): Promise<TurnOutcome> {
  const turn = new LiveTurn(server, request, signal, watcher, attendant);
  attendant?.began(turn);
  return turn.outcome;
}

// An interrupt is answered in under 10 ms; a server that does not answer is ended, which keeps the thread as well.
const INTERRUPT_GRACE_MS = 250;

class LiveTurn {
  readonly outcome: Promise<TurnOutcome>;
  readonly #server: AppServer;
  readonly #request: TurnRequest;
  readonly #signal: AbortSignal;
  readonly #watcher: TurnWatcher;
  readonly #attending: Attending | null;
  readonly #clocks: Clocks;
  readonly #declined: Declined[] = [];
  readonly #onAbort = () => this.#stop({ type: "cancelled", reason: this.#signal.reason });
  #resolve: (outcome: TurnOutcome) => void = () => {};
  #turn: Turn = newTurn;
  #end: TurnEnd | null = null;
  #started: Promise<void> = Promise.resolve();
  #networkTimer: NodeJS.Timeout | undefined;
  #interruptTimer: NodeJS.Timeout | undefined;

  constructor(
    server: AppServer,
    request: TurnRequest,
    signal: AbortSignal,
    watcher: TurnWatcher,
    attendant: Attendant | null,
  ) {
    this.#server = server;
    this.#request = request;
    this.#signal = signal;
    this.#watcher = watcher;
    this.outcome = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    this.#clocks = startClocks(request.limits, {
      grace: (event) => watcher.grace(event),
      expired: (expiry) => this.#stop({ type: "timeout", expiry }),
    });
    this.#attending =
      attendant &&
      new Attending(attendant, server.connection, this.#clocks, (declined) => this.#noteDeclined(declined));
    server.listen({
      notification: (message) => this.#hear(toTurnEvent(message, request.threadId)),
      request: (message) => this.#answer(message),
    });
    void server.exited.then((exit) => this.#stop({ type: "exited", exit }));
    signal.addEventListener("abort", this.#onAbort);
    if (signal.aborted) this.#onAbort();
    else this.#started = this.#start();
  }

  /** Puts a message into the running turn: the model is called again with it. */
  async steer(text: string): Promise<"steered" | "ended"> {
    await this.#started;
    const { id: expectedTurnId } = this.#turn;
    if (this.#end !== null || expectedTurnId === null) return "ended";
    const input = toWire([{ type: "text", text }]);
    try {
      const params = { threadId: this.#request.threadId, expectedTurnId, input };
      await this.#server.connection.request("turn/steer", params, anyAnswer);
      return "steered";
    } catch (error) {
      // "no active turn to steer": it ended before Codex read this.
      if (error instanceof RpcError || error instanceof ConnectionClosed) return "ended";
      throw error;
    }
  }

  async #start(): Promise<void> {
    const { threadId, input, settings, effortBefore, outputSchema } = this.#request;
    const params = {
      threadId,
      input: toWire(input),
      ...turnParams(settings, effortBefore),
      ...(outputSchema === undefined ? {} : { outputSchema }),
    };
    try {
      const { turn } = await this.#server.connection.request("turn/start", params, turnStartAnswer);
      this.#turn = { ...this.#turn, id: turn.id };
      // Stopped while `turn/start` was under way: only now is there something to interrupt.
      if (this.#end !== null) this.#interrupt(turn.id);
    } catch (error) {
      // The exit of the server is told by itself, with its code.
      if (!(error instanceof ConnectionClosed)) this.#stop({ type: "refused", error });
    }
  }

  #hear(event: TurnEvent): void {
    this.#turn = advance(this.#turn, event);
    this.#watcher.event(event, this.#turn);
    this.#noteDeclined(declinedTool(event));
    if (event.type === "turn_completed" && event.turnId === this.#turn.id) return this.#stop({ type: "ended" });
    if (event.type === "request_resolved") this.#attending?.drop(event.id);
    if (this.#end !== null) return;
    if (event.type === "problem" && event.willRetry) this.#onRetry(event);
    if (event.type === "settings") {
      const wrong = mismatches(this.#request.settings, event.settings);
      if (wrong.length > 0) this.#stop({ type: "settings", mismatches: wrong });
    }
    if (!PROGRESS[event.type]) return;
    this.#clocks.progress();
    clearTimeout(this.#networkTimer);
    this.#networkTimer = undefined;
  }

  /** Codex's retries mostly end by themselves. Two kinds do not, or end in a way that is known now. */
  #onRetry({ error }: Extract<TurnEvent, { type: "problem" }>): void {
    if (httpStatusOf(error) !== null && classifyProblem(error) === "auth") return this.#stop({ type: "auth" });
    const { retryWindowMs } = this.#request.limits;
    if (!isEndlessRetry(error) || retryWindowMs === 0) return;
    this.#networkTimer ??= setTimeout(() => this.#stop({ type: "network" }), Math.min(retryWindowMs, LONGEST_MS));
  }

  #answer(message: ServerRequest): void {
    if (this.#attending?.take(message)) return;
    const decision = decideRequest(message);
    if (decision.type === "question") return this.#stop({ type: "question", questions: decision.questions });
    this.#server.connection.respond(message.id, decision.response);
    this.#noteDeclined(decision.declined);
  }

  #noteDeclined(declined: Declined | null): void {
    if (declined === null) return;
    this.#declined.push(declined);
    this.#watcher.declined(declined);
  }

  /** The first cause wins. What Codex ended itself is over at once; anything else is interrupted and then over. */
  #stop(end: TurnEnd): void {
    const final = end.type === "ended" || end.type === "exited" || end.type === "refused";
    if (this.#end !== null) return final ? this.#finish() : undefined;
    this.#end = end;
    this.#clocks.stop();
    this.#attending?.close();
    clearTimeout(this.#networkTimer);
    this.#signal.removeEventListener("abort", this.#onAbort);
    if (final) return this.#finish();
    this.#interruptTimer = setTimeout(() => this.#finish(), INTERRUPT_GRACE_MS);
    if (this.#turn.id !== null) this.#interrupt(this.#turn.id);
  }

  #interrupt(turnId: string): void {
    const { threadId } = this.#request;
    this.#server.connection.request("turn/interrupt", { threadId, turnId }, anyAnswer).catch(() => this.#finish());
  }

  #finish(): void {
    clearTimeout(this.#interruptTimer);
    if (this.#end === null) return;
    const [end, turn, declined] = [this.#end, endTurn(this.#turn), this.#declined];
    this.#resolve({ end, turn, declined });
  }
}

function toWire(input: readonly UserInput[]) {
  return input.map((part) => (part.type === "text" ? { ...part, text_elements: [] } : part));
}
