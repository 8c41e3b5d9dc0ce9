import { unreachable } from "../errors.ts";
import type { CommandItem, Item, ThreadSettings, Tokens, TurnError } from "./messages.ts";
import type { TurnEvent } from "./turn-event.ts";

/** One turn as far as its events tell. */
export interface Turn {
  readonly id: string | null;
  readonly state: "starting" | "running" | "completed" | "failed" | "interrupted";
  /** Completed messages, oldest first. A message that a retried stream abandoned never gets here. */
  readonly messages: readonly string[];
  /** The message that is being written. */
  readonly draft: { readonly itemId: string; readonly text: string } | null;
  readonly commands: readonly CommandRun[];
  /** Commands that have begun, by item id, as they are told if the turn ends first. */
  readonly begun: ReadonlyMap<string, CommandRun>;
  /** What runs now: commands and tool calls, by item id. */
  readonly running: ReadonlyMap<string, string>;
  readonly plan: readonly { readonly step: string; readonly status: string }[];
  /** The last problem that Codex told, and whether it said that it would try again. */
  readonly problem: { readonly error: TurnError; readonly willRetry: boolean } | null;
  /** The thread's tokens before this turn and now; the difference is the turn's. */
  readonly tokens: { readonly before: Tokens; readonly now: Tokens } | null;
  /** The thread's settings as Codex last announced them. */
  readonly settings: ThreadSettings | null;
  /** When the used-up rate limit is lifted, in Unix seconds. */
  readonly resetsAt: number | null;
  readonly warnings: readonly string[];
}

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

/** A turn that was asked for and has not answered yet. */
export const newTurn: Turn = {
  id: null,
  state: "starting",
  messages: [],
  draft: null,
  commands: [],
  begun: new Map(),
  running: new Map(),
  plan: [],
  problem: null,
  tokens: null,
  settings: null,
  resetsAt: null,
  warnings: [],
};

/** What the turn is after this event. Pure; events of another turn change nothing (a resume tells the last one's usage again). */
export function advance(turn: Turn, event: TurnEvent): Turn {
  const begins = turn.id === null && event.type === "turn_started";
  if ("turnId" in event && event.turnId !== turn.id && !begins) return turn;
  switch (event.type) {
    case "turn_started":
      return { ...turn, id: event.turnId, state: "running" };
    case "turn_completed":
      return complete(turn, event);
    case "item_started":
      return itemStarted(turn, event.item);
    case "item_completed":
      return itemCompleted(turn, event.item);
    case "text":
      return { ...turn, draft: { itemId: event.itemId, text: draftOf(turn, event.itemId) + event.delta } };
    case "plan":
      return { ...turn, plan: event.steps };
    case "usage":
      return { ...turn, tokens: { before: turn.tokens?.before ?? minus(event.total, event.last), now: event.total } };
    case "problem":
      return { ...turn, problem: { error: event.error, willRetry: event.willRetry } };
    case "settings":
      return { ...turn, settings: event.settings };
    case "rate_limits":
      return { ...turn, resetsAt: resetOf(event.windows) ?? turn.resetsAt };
    case "warning":
      return turn.warnings.includes(event.message) ? turn : { ...turn, warnings: [...turn.warnings, event.message] };
    case "rerouted":
      return { ...turn, warnings: [...turn.warnings, `Codex changed the model from ${event.from} to ${event.to}`] };
    case "activity":
    case "request_resolved":
    case "other":
      return turn;
    default:
      return unreachable(event);
  }
}

/** The turn's own tokens: the thread's total after it less the total before. */
export function turnTokens({ tokens }: Turn): Tokens | null {
  return tokens === null ? null : minus(tokens.now, tokens.before);
}

function complete(turn: Turn, event: Extract<TurnEvent, { type: "turn_completed" }>): Turn {
  const state = event.status === "completed" || event.status === "interrupted" ? event.status : "failed";
  const problem = event.error ? { error: event.error, willRetry: false } : turn.problem;
  return endTurn({ ...turn, id: event.turnId, state, problem });
}

/** The turn is over, whoever ended it: what was still under way stays unfinished. */
export function endTurn(turn: Turn): Turn {
  return { ...turn, commands: [...turn.commands, ...turn.begun.values()], begun: new Map(), running: new Map() };
}

function itemStarted(turn: Turn, item: Item): Turn {
  const activity = activityOf(item);
  const running = activity === null ? turn.running : new Map(turn.running).set(item.id, activity);
  if (!isCommand(item)) return { ...turn, running };
  return { ...turn, running, begun: new Map(turn.begun).set(item.id, { ...toCommandRun(item), status: "unfinished" }) };
}

function itemCompleted(turn: Turn, item: Item): Turn {
  const running = new Map([...turn.running].filter(([id]) => id !== item.id));
  if (isMessage(item)) {
    // Messages come one after the other: a draft of another item was abandoned by a retried stream.
    return { ...turn, running, draft: null, messages: [...turn.messages, item.text] };
  }
  const begun = new Map([...turn.begun].filter(([id]) => id !== item.id));
  if (isCommand(item)) return { ...turn, running, begun, commands: [...turn.commands, toCommandRun(item)] };
  return { ...turn, running };
}

/** What the item is doing, in a few words; null for items that do nothing of their own. */
export function activityOf(item: Item): string | null {
  if (isCommand(item)) return bareCommand(item.command);
  if (item.type === "mcpToolCall" && "tool" in item) return `${item.server}: ${item.tool}`;
  if (item.type === "webSearch" && "query" in item) return `web search: ${item.query}`;
  return null;
}

function isMessage(item: Item): item is Extract<Item, { type: "agentMessage" }> {
  return item.type === "agentMessage" && "text" in item;
}

function isCommand(item: Item): item is CommandItem {
  return item.type === "commandExecution" && "command" in item;
}

// Enough to see a test's verdict or a compiler's last errors; the whole output stays in Codex's own rollout.
const OUTPUT_TAIL = 2_000;

function toCommandRun(item: CommandItem): CommandRun {
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

function draftOf(turn: Turn, itemId: string): string {
  return turn.draft?.itemId === itemId ? turn.draft.text : "";
}

function minus(total: Tokens, part: Tokens): Tokens {
  return {
    inputTokens: total.inputTokens - part.inputTokens,
    cachedInputTokens: total.cachedInputTokens - part.cachedInputTokens,
    outputTokens: total.outputTokens - part.outputTokens,
    reasoningOutputTokens: total.reasoningOutputTokens - part.reasoningOutputTokens,
    totalTokens: total.totalTokens - part.totalTokens,
  };
}

/** When all that is used up is there again; null when no window is used up. */
function resetOf(windows: readonly { readonly usedPercent: number; readonly resetsAt?: number | null | undefined }[]) {
  const spent = windows.filter(({ usedPercent }) => usedPercent >= 100);
  return Math.max(0, ...spent.map(({ resetsAt }) => resetsAt ?? 0)) || null;
}
