import { resolve } from "node:path";
import type { Deed } from "../../claude/fold-run.ts";
import type { TurnEvent } from "../turn-event.ts";

/** What a Codex did to files, or may have done, as its turn reports it. */
export interface CodexDeeds {
  take(event: TurnEvent): void;
  all(): readonly Deed[];
}

/**
 * Collects it, sub-agents included: whatever is not known to leave files alone may have changed any of them while it ran. What a command
 * leaves behind ends with its sandbox.
 *
 * Codex starts a command before it announces it, by any time on a busy machine. So a command began at the latest when it was announced,
 * and at the earliest when the model last showed that it was still thinking or speaking.
 */
export function collectDeeds(root: string): CodexDeeds {
  const open = new Map<string, number>();
  const done: Deed[] = [];
  /** By thread: when it last began or ended an item that changes no file. */
  const harmless = new Map<string, number>();
  const take = (event: TurnEvent, thread = ""): void => {
    if (event.type === "agent") return take(event.event, event.threadId);
    if (event.type !== "item_started" && event.type !== "item_completed") return;
    const { item, at = Date.now() } = event;
    if (HARMLESS.has(item.type)) {
      harmless.set(thread, at);
      return;
    }
    if (event.type === "item_started") {
      open.set(item.id, harmless.get(thread) ?? Number.NEGATIVE_INFINITY);
      return;
    }
    const from = open.get(item.id) ?? Number.NEGATIVE_INFINITY;
    open.delete(item.id);
    const named = "changes" in item ? item.changes.map(({ path }) => resolve(root, path)) : [];
    done.push(...[null, ...named].map((file) => ({ file, from, until: at })));
  };
  const going = () => [...open.values()].map((from) => ({ file: null, from, until: null }));
  return { take: (event) => take(event), all: () => [...done, ...going()] };
}

/** Items that change no file. One of a later version may. */
const HARMLESS: ReadonlySet<string> = new Set([
  ...["userMessage", "agentMessage", "reasoning", "plan", "webSearch", "contextCompaction", "imageView", "hookPrompt"],
]);
