import type { CommandItem, Item } from "./messages.ts";

/** A command of a turn, as it is reported. */
export interface CommandRun {
  readonly id: string;
  readonly command: string;
  readonly cwd: string;
  /** `null`: killed, declined, or still running when the turn ended. */
  readonly exitCode: number | null;
  readonly durationMs: number | null;
  /** `refused`: the sandbox stopped it; `unfinished`: the turn ended first. */
  readonly status: "completed" | "failed" | "declined" | "refused" | "unfinished";
  /** It only looked: every part was a read, a listing or a search. */
  readonly readOnly: boolean;
  /** The end of its output, both streams merged. */
  readonly outputTail: string;
}

/** What the item is doing, in a few words; null for items that do nothing of their own. */
export function activityOf(item: Item): string | null {
  if (isCommand(item)) return bareCommand(item.command);
  if (item.type === "mcpToolCall" && "tool" in item) return `${item.server}: ${item.tool}`;
  if (item.type === "dynamicToolCall" && "tool" in item) return item.tool;
  if (item.type === "webSearch" && "query" in item) return `web search: ${item.query}`;
  return null;
}

export function isCommand(item: Item): item is CommandItem {
  return item.type === "commandExecution" && "command" in item;
}

// Enough to see a test's verdict or a compiler's last errors; the whole output stays in Codex's own rollout.
const OUTPUT_TAIL = 2_000;

export function toCommandRun(item: CommandItem): CommandRun {
  const exitCode = item.exitCode ?? null;
  return {
    id: item.id,
    command: bareCommand(item.command),
    cwd: item.cwd,
    exitCode,
    durationMs: item.durationMs ?? null,
    status: item.status === "declined" ? "declined" : exitCode === 0 ? "completed" : "failed",
    readOnly: onlyLooks(item.commandActions ?? []),
    outputTail: (item.aggregatedOutput ?? "").slice(-OUTPUT_TAIL),
  };
}

function onlyLooks(actions: readonly { readonly type: string }[]): boolean {
  return (
    actions.length > 0 && actions.every(({ type }) => type === "read" || type === "listFiles" || type === "search")
  );
}

/** Codex wraps a command in the user's shell and quotes it piece by piece: `/bin/bash -lc 'echo $HOME '"'it'"`. */
export function bareCommand(command: string): string {
  const quoted = /^(?:\S*\/)?(?:ba|z|da|k)?sh -l?c ([\s\S]*)$/.exec(command)?.[1];
  if (quoted === undefined) return command;
  return quoted.replace(/'([^']*)'|"((?:\\[\s\S]|[^"\\])*)"/g, (_, single?: string, double = "") => {
    return single ?? double.replace(/\\(["\\$`])/g, "$1");
  });
}
