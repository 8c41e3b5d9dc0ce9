import { AskCodexError } from "../../errors.ts";
import type { AppServer } from "../app-server.ts";
import { ConnectionClosed, RpcError, type ServerRequest } from "../connection.ts";
import { advance, endTurn, follow, isOver, newTurn, type Turn } from "../fold-turn.ts";
import { anyAnswer, turnStartAnswer } from "../messages.ts";
import { type Declined, decideRequest, declinedTool } from "../server-requests.ts";
import { mismatches } from "../settings.ts";
import { isProgress, type TurnEvent, toTurnEvent } from "../turn-event.ts";
import { Attending } from "./attending.ts";
import { type Clocks, startClocks } from "./clocks.ts";
import { OtherWork } from "./other-work.ts";
import type { TurnContext, TurnEnd, TurnOutcome, TurnRequest, TurnWatcher } from "./outcome.ts";
import { Retries } from "./retries.ts";
import { startParams, steerParams } from "./wire.ts";

/**
 * Runs one turn and waits for its end and that of its sub-agents, or for what comes first: the server's death, a time limit, a
 * cancel, a question that no one attends to, an error that Codex would retry in vain. The first cause wins and is named; what
 * still runs then is interrupted, so that its thread can go on. Never rejects.
 */
export function runTurn(server: AppServer, request: TurnRequest, context: TurnContext): Promise<TurnOutcome> {
  const turn = new LiveTurn(server, request, context);
  context.attendant?.began(turn);
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
  readonly #attending: Attending;
  readonly #clocks: Clocks;
  readonly #retries: Retries;
  readonly #other: OtherWork;
  /** Aborted at the end: nothing is waited for any more. */
  readonly #over = new AbortController();
  readonly #declined: Declined[] = [];
  readonly #onAbort = () => this.#stop({ type: "cancelled", reason: this.#signal.reason });
  #resolve: (outcome: TurnOutcome) => void = () => {};
  #turn: Turn = newTurn;
  #end: TurnEnd | null = null;
  #started: Promise<void> = Promise.resolve();
  #interruptTimer: NodeJS.Timeout | undefined;
  /** How far `turn/start` has come. */
  #start: "due" | "asked" | "answered" = "due";
  /** The threads in which a turn was open when the run was stopped. */
  #stopped: ReadonlySet<string> = new Set();

  constructor(server: AppServer, request: TurnRequest, { signal, watcher, attendant, toolbox }: TurnContext) {
    this.#server = server;
    this.#request = request;
    this.#signal = signal;
    this.#watcher = watcher;
    const warn = (message: string) => this.#hear({ type: "warning", message });
    this.#other = new OtherWork(server, request.threadId, warn);
    this.outcome = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    this.#clocks = startClocks(request.limits, {
      grace: (event) => watcher.grace(event),
      expired: (expiry) => this.#stop({ type: "timeout", expiry }),
    });
    this.#retries = new Retries(request.limits.retryWindowMs, (type) => this.#stop({ type }));
    const noteDeclined = (declined: Declined) => this.#noteDeclined(declined);
    const { connection } = server;
    this.#attending = new Attending({ attendant, toolbox, connection, clocks: this.#clocks, noteDeclined });
    server.listen({
      notification: (message) => this.#hear(toTurnEvent(message, request.threadId)),
      request: (message) => this.#answer(message),
    });
    void server.exited.then((exit) => this.#stop({ type: "exited", exit }));
    signal.addEventListener("abort", this.#onAbort);
    if (signal.aborted) this.#onAbort();
    else this.#started = this.#begin();
  }

  /** Puts a message into the running turn: the model is called again with it. */
  async steer(text: string): Promise<"steered" | "ended"> {
    await this.#started;
    const { id: expectedTurnId } = this.#turn;
    if (this.#end !== null || expectedTurnId === null) return "ended";
    try {
      const params = steerParams(this.#request.threadId, expectedTurnId, text);
      await this.#server.connection.request("turn/steer", params, anyAnswer);
      return "steered";
    } catch (error) {
      // "no active turn to steer": it ended before Codex read this.
      if (error instanceof RpcError || error instanceof ConnectionClosed) return "ended";
      throw error;
    }
  }

  async #begin(): Promise<void> {
    const { connection, work } = this.#server;
    // A message that comes while a turn is open is folded into it, and runs under its settings.
    if (!(await this.#other.clear())) return this.#refuse(STUCK);
    if (this.#end !== null) return;
    try {
      const before = new Set(work.known);
      this.#start = "asked";
      const { turn } = await connection.request("turn/start", startParams(this.#request), turnStartAnswer);
      this.#start = "answered";
      if (before.has(turn.id)) return this.#refuse(FOLDED);
      if (!work.known.has(turn.id)) work.begin(this.#request.threadId, turn.id);
      // What began by itself in between is another turn.
      if (this.#turn.id !== turn.id) this.#turn = { ...newTurn, id: turn.id };
      // Stopped while `turn/start` was under way: only now is there something to interrupt.
      if (this.#end !== null) this.#other.interrupt();
      if (isOver(this.#turn)) void this.#completed();
    } catch (error) {
      this.#start = "answered";
      // The exit of the server is reported by itself, with its code.
      if (!(error instanceof ConnectionClosed)) this.#stop({ type: "refused", error });
    }
  }

  #hear(event: TurnEvent): void {
    const wasOver = isOver(this.#turn);
    this.#turn = this.#fold(event, wasOver);
    this.#other.hear(event);
    this.#watcher.event(event, this.#turn);
    this.#noteDeclined(declinedTool(event.type === "agent" ? event.event : event));
    if (!wasOver && isOver(this.#turn) && this.#start === "answered") void this.#completed();
    if (event.type === "request_resolved") this.#attending.drop(event.id);
    if (this.#end !== null) return;
    if (event.type === "problem" && event.willRetry) this.#retries.announced(event.error);
    if (event.type === "settings") {
      const { settings, environment } = this.#request;
      const wrong = mismatches(settings, environment?.noticeAsHere(event.settings, settings.cwd) ?? event.settings);
      if (wrong.length > 0) this.#stop({ type: "settings", mismatches: wrong });
    }
    if (!isProgress(event)) return;
    this.#clocks.progress();
    this.#retries.over();
  }

  /** Until Codex has answered, the last turn that began is ours; after its end, what follows by itself belongs to the run. */
  #fold(event: TurnEvent, wasOver: boolean): Turn {
    if (this.#start === "due" && "turnId" in event) return this.#turn;
    const following = this.#start === "asked" || (wasOver && !this.#other.pursuesGoal);
    return following ? follow(this.#turn, event) : advance(this.#turn, event);
  }

  #answer(message: ServerRequest): void {
    if (this.#attending.take(message)) return;
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

  /** Codex has ended the turn. An answer waits for the sub-agents; a failure does not. */
  async #completed(): Promise<void> {
    const alone = !this.#other.hasAgents && this.#server.work.idle;
    if (!alone && this.#turn.state === "completed") await this.#other.rest(this.#over.signal);
    if (isOver(this.#turn)) this.#stop({ type: "ended" });
  }

  /** The first cause wins. What is still open then is interrupted, and waited for as long as that takes. */
  #stop(end: TurnEnd): void {
    if (this.#end !== null) return end.type === "exited" ? this.#finish() : undefined;
    this.#end = end;
    this.#clocks.stop();
    this.#attending.close();
    this.#over.abort();
    this.#retries.over();
    this.#signal.removeEventListener("abort", this.#onAbort);
    const { work } = this.#server;
    this.#stopped = new Set(work.open.map(({ threadId }) => threadId));
    if (end.type === "exited" || (work.idle && this.#start !== "asked")) return this.#finish();
    this.#interruptTimer = setTimeout(() => this.#finish(), INTERRUPT_GRACE_MS);
    this.#other.interrupt();
    void this.#started.then(() => work.quiet()).then(() => this.#finish());
  }

  #finish(): void {
    clearTimeout(this.#interruptTimer);
    if (this.#end === null) return;
    const agents = this.#other.work(this.#stopped);
    this.#resolve({ end: this.#end, turn: endTurn(this.#turn), declined: this.#declined, agents });
  }

  #refuse(sentence: string): void {
    this.#stop({ type: "refused", error: new AskCodexError("turn_failed", sentence) });
  }
}

const STUCK = "Codex is still at work in this session, and does not end it";
const FOLDED = "Codex put the message into a turn that it had begun by itself";
