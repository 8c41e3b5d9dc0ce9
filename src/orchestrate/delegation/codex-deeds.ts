import { resolve } from "node:path";
import type { Deed } from "../../claude/fold-run.ts";
import type { TurnEvent } from "../../codex/turn-event.ts";

/** What a Codex did to files, or may have done, as its turn reports it. */
export interface CodexDeeds {
  take(event: TurnEvent): void;
  all(): readonly Deed[];
}

/**
 * Collects it, sub-agents included: whatever is not known to leave files alone may have changed any of them while it ran. What a command
 * leaves behind ends with its sandbox.
 */
export function collectDeeds(root: string): CodexDeeds {
  const open = new Map<string, number>();
  const done: Deed[] = [];
  const take = (event: TurnEvent): void => {
    if (event.type === "agent") return take(event.event);
    if (event.type !== "item_started" && event.type !== "item_completed") return;
    const { item, at = Date.now() } = event;
    if (HARMLESS.has(item.type)) return;
    if (event.type === "item_started") {
      open.set(item.id, at);
      return;
    }
    const from = open.get(item.id) ?? Number.NEGATIVE_INFINITY;
    open.delete(item.id);
    const named = "changes" in item ? item.changes.map(({ path }) => resolve(root, path)) : [];
    done.push(...[null, ...named].map((file) => ({ file, from, until: at })));
  };
  const going = () => [...open.values()].map((from) => ({ file: null, from, until: null }));
  return { take, all: () => [...done, ...going()] };
}

/** Items that change no file. One of a later version may. */
const HARMLESS: ReadonlySet<string> = new Set([
  ...["userMessage", "agentMessage", "reasoning", "plan", "webSearch", "contextCompaction", "imageView", "hookPrompt"],
]);
