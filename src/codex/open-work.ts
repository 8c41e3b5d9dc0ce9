import * as z from "zod/mini";
import { items, notifications } from "./messages.ts";
import type { Notification } from "./turn-event.ts";

/** A turn that has begun and not ended; no id: a sub-agent's, which has been asked for and not begun. */
export interface OpenTurn {
  readonly threadId: string;
  readonly turnId: string | null;
}

/**
 * Which turns and sub-agents of a server are open, from its start to its end: those we asked for, and those that Codex begins by
 * itself (for a goal, for a sub-agent, on a sub-agent's message).
 */
export class OpenWork {
  /** The open turn of each thread; null: it is still to begin. */
  readonly #open = new Map<string, string | null>();
  readonly #known = new Set<string>();
  readonly #begun = new Set<string>();
  #quiet: (() => void)[] = [];

  get open(): readonly OpenTurn[] {
    return [...this.#open].map(([threadId, turnId]) => ({ threadId, turnId }));
  }

  get idle(): boolean {
    return this.#open.size === 0;
  }

  /** Every turn so far. */
  get known(): ReadonlySet<string> {
    return this.#known;
  }

  hear({ method, params }: Notification): void {
    switch (method) {
      case "turn/started": {
        const { data } = notifications[method].safeParse(params);
        if (data) this.begin(data.threadId, data.turn.id);
        return;
      }
      case "turn/completed": {
        const { data } = notifications[method].safeParse(params);
        if (data) this.end({ threadId: data.threadId, turnId: data.turn.id });
        return;
      }
      case "thread/status/changed": {
        const { data } = notifications[method].safeParse(params);
        if (data && GONE.has(data.status.type)) this.#remove(data.threadId);
        return;
      }
      case "thread/closed": {
        const { data } = notifications[method].safeParse(params);
        if (data) this.#remove(data.threadId);
        return;
      }
      case "item/started":
      case "item/completed":
        for (const agent of agentsIn(params)) this.#expect(agent);
    }
  }

  /** It is over, although no event said so. */
  end({ threadId, turnId }: OpenTurn): void {
    if (this.#open.get(threadId) === turnId || (turnId !== null && this.#open.get(threadId) === null))
      this.#remove(threadId);
  }

  /** Resolves once nothing is open. */
  quiet(): Promise<void> {
    return this.idle ? Promise.resolve() : new Promise((resolve) => this.#quiet.push(resolve));
  }

  /** A turn that we asked for is open from Codex's answer on. */
  begin(threadId: string, turnId: string): void {
    this.#known.add(turnId);
    this.#begun.add(threadId);
    this.#open.set(threadId, turnId);
  }

  /** A sub-agent's first turn may begin before, or a moment after, it is said to have been started. */
  #expect({ threadId, first }: Agent): void {
    if (this.#open.has(threadId) || (first && this.#begun.has(threadId))) return;
    this.#open.set(threadId, null);
  }

  #remove(threadId: string): void {
    if (!this.#open.delete(threadId) || !this.idle) return;
    for (const resolve of this.#quiet.splice(0)) resolve();
  }
}

interface Agent {
  readonly threadId: string;
  /** It has just been made: a turn of it that we know is the one it was made for. */
  readonly first: boolean;
}

/** Sub-agents that have been given something to do. */
function agentsIn(params: unknown): readonly Agent[] {
  const { data } = ofItem.safeParse(params);
  if (data === undefined) return [];
  const { item } = data;
  if ("kind" in item) return item.kind === "started" ? [{ threadId: item.agentThreadId, first: true }] : [];
  if (!("tool" in item)) return [];
  const at = item.receiverThreadIds.filter((id) => WORKING.has(item.agentsStates?.[id]?.status ?? ""));
  return TASKS.has(item.tool) ? at.map((threadId) => ({ threadId, first: item.tool === "spawnAgent" })) : [];
}

const agentItem = z.discriminatedUnion("type", [items.collabAgentToolCall, items.subAgentActivity]);
// Nearly every item is another one, and a schema that does not fit costs ten times one that does.
const ofItem = z.object({ item: z.union([agentItem, z.object({ type: z.string() })]) });

/** Calls that give a sub-agent something to do. */
const TASKS: ReadonlySet<string> = new Set(["spawnAgent", "sendInput", "resumeAgent", "followupTask"]);
const WORKING: ReadonlySet<string> = new Set(["pendingInit", "running"]);
/** Threads that will not end a turn any more. */
const GONE: ReadonlySet<string> = new Set(["systemError", "notLoaded"]);
