import { setTimeout as sleep } from "node:timers/promises";
import { oneLine } from "../../text/defuse.ts";
import type { AppServer } from "../app-server.ts";
import { ConnectionClosed } from "../connection.ts";
import { endTurn, follow, newTurn, type Turn } from "../fold-turn.ts";
import { anyAnswer, threadReadAnswer } from "../messages.ts";
import type { TurnEvent } from "../turn-event.ts";
import type { AgentWork } from "./outcome.ts";

// Codex answers an interrupt in under 10 ms; a turn that does not end is stuck.
const CLEAR_LIMIT_MS = 1_000;
// A sub-agent's turn begins within 20 ms of the call that asks for it. What has not begun by then is asked for.
const BEGIN_LIMIT_MS = 1_000;
// Codex calls the thread active a moment before it says which turn has begun.
const ACTIVE_POLL_MS = 50;

/**
 * What goes on in a server beside the turn that we asked for: sub-agents, and turns that Codex begins by itself. A run waits for
 * them, or ends them. A goal is paused: it would begin one turn after the other, and no run could end.
 */
export class OtherWork {
  readonly #server: AppServer;
  readonly #threadId: string;
  readonly #agents = new Map<string, Turn>();
  readonly #warn: (message: string) => void;
  #goal = false;

  constructor(server: AppServer, threadId: string, warn: (message: string) => void) {
    this.#server = server;
    this.#threadId = threadId;
    this.#warn = warn;
  }

  /** The thread has had a goal in this run: turns that begin by themselves are for it. */
  get pursuesGoal(): boolean {
    return this.#goal;
  }

  get hasAgents(): boolean {
    return this.#agents.size > 0;
  }

  /** What the sub-agents have done; `stopped` names the threads that were at work when the run was ended. */
  work(stopped: ReadonlySet<string>): readonly AgentWork[] {
    const threads = new Set([...this.#agents.keys(), ...stopped]);
    threads.delete(this.#threadId);
    return [...threads].map((threadId) => {
      const turn = endTurn(this.#agents.get(threadId) ?? newTurn);
      return { threadId, turn, stopped: stopped.has(threadId) };
    });
  }

  hear(event: TurnEvent): void {
    if (event.type === "agent") return this.#hearAgent(event);
    if (event.type === "goal") this.#pause(this.#threadId, event.goal);
    // It was on its way when the goal was paused.
    if (event.type === "turn_started" && this.#goal) this.interrupt(this.#threadId);
  }

  /** Ends what is open, so that a message begins a turn of its own; false when something does not end. */
  async clear(): Promise<boolean> {
    const { work } = this.#server;
    if (work.idle) return true;
    this.interrupt();
    const limit = new AbortController();
    await Promise.race([work.quiet(), sleep(CLEAR_LIMIT_MS, undefined, { signal: limit.signal }).catch(() => {})]);
    limit.abort();
    return work.idle;
  }

  /** Ends every open turn, a sub-agent's too, or that of one thread; what becomes of it is heard. */
  interrupt(only: string | null = null): void {
    for (const { threadId, turnId } of this.#server.work.open) {
      // What has ended meanwhile cannot be interrupted, and need not be.
      if (turnId !== null && (only === null || only === threadId))
        this.#server.connection.request("turn/interrupt", { threadId, turnId }, anyAnswer).catch(() => {});
    }
  }

  /** Resolves once neither the thread nor a sub-agent of it is at work: no turn is open, and Codex says so as well. */
  async rest(signal: AbortSignal): Promise<void> {
    const { work } = this.#server;
    while (!signal.aborted) {
      await Promise.race([work.quiet(), sleep(BEGIN_LIMIT_MS, undefined, { signal }).catch(() => {})]);
      if (work.open.some(({ turnId }) => turnId !== null)) continue;
      if (!(await this.#active())) return this.#forget();
      await sleep(ACTIVE_POLL_MS, undefined, { signal }).catch(() => {});
    }
  }

  /** What was to begin never did. */
  #forget(): void {
    for (const turn of this.#server.work.open) this.#server.work.end(turn);
  }

  async #active(): Promise<boolean> {
    const { connection, work } = this.#server;
    const threads = new Set([this.#threadId, ...this.#agents.keys(), ...work.open.map(({ threadId }) => threadId)]);
    const states = [...threads].map(async (threadId) => {
      try {
        const { thread } = await connection.request("thread/read", { threadId }, threadReadAnswer);
        return thread.status?.type === "active";
      } catch {
        // A thread that Codex has put away does not work.
        return false;
      }
    });
    return (await Promise.all(states)).includes(true);
  }

  #hearAgent({ threadId, event }: Extract<TurnEvent, { type: "agent" }>): void {
    if (event.type === "goal") return this.#pause(threadId, event.goal);
    const before = this.#agents.get(threadId) ?? newTurn;
    const turn = follow(before, event);
    // A thread that does nothing in this run is not a sub-agent of it, whatever is said about it.
    if (turn.id !== null) this.#agents.set(threadId, turn);
  }

  #pause(threadId: string, goal: { readonly objective: string; readonly status: string } | null): void {
    if (goal?.status !== "active") return;
    this.#goal ||= threadId === this.#threadId;
    const paused = this.#server.connection.request("thread/goal/set", { threadId, status: "paused" }, anyAnswer);
    paused.catch((error: unknown) => {
      if (!(error instanceof ConnectionClosed)) this.#warn(`Codex did not pause its goal: ${String(error)}`);
    });
    this.#warn(`Codex pursued a goal, which is paused: ${oneLine(goal.objective, 200)}`);
  }
}
