import { Grown } from "../bounds/grown.ts";
import { unreachable } from "../errors.ts";
import { activityOf, type CommandRun, isCommand, toCommandRun } from "./command-run.ts";
import type { Item, ThreadSettings, Tokens, TurnError } from "./messages.ts";
import type { TurnEvent } from "./turn-event.ts";

/** One turn, as far as its events go. */
export interface Turn {
  readonly id: string | null;
  /** The turns that this is about: one, or all that have followed each other in the thread of a run. */
  readonly ids: readonly string[];
  readonly state: "starting" | "running" | "completed" | "failed" | "interrupted";
  /** The last completed messages, oldest first. A message that a retried stream abandoned never gets here. */
  readonly messages: readonly Message[];
  /** The last message that Codex calls its final answer; as long as there is none, the last one without such a mark. */
  readonly answer: Message | null;
  /** The message that is being written. */
  readonly draft: { readonly itemId: string; readonly text: string } | null;
  readonly commands: Grown<CommandRun>;
  /** Every command that has begun, as it is reported if the turn ends first. */
  readonly begun: Grown<CommandRun>;
  /** What runs now: commands and tool calls, by item id; of very many the last ones. */
  readonly running: ReadonlyMap<string, string>;
  readonly plan: readonly { readonly step: string; readonly status: string }[];
  /** The last problem that Codex reported, and whether it said that it would try again. */
  readonly problem: { readonly error: TurnError; readonly willRetry: boolean } | null;
  /** The thread's tokens before this turn and now; the difference is the turn's. */
  readonly tokens: { readonly before: Tokens; readonly now: Tokens } | null;
  /** The thread's settings as Codex last announced them. */
  readonly settings: ThreadSettings | null;
  /** When the used-up rate limit is lifted, in Unix seconds. */
  readonly resetsAt: number | null;
  readonly warnings: readonly string[];
}

export interface Message {
  readonly text: string;
  /** What Codex meant it as; null where the provider does not say. */
  readonly phase: "commentary" | "partial_answer" | "final_answer" | null;
}

/** A turn that was asked for and has not answered yet. */
export const newTurn: Turn = {
  id: null,
  ids: [],
  state: "starting",
  messages: [],
  answer: null,
  draft: null,
  commands: Grown.of(),
  begun: Grown.of(),
  running: new Map(),
  plan: [],
  problem: null,
  tokens: null,
  settings: null,
  resetsAt: null,
  warnings: [],
};

/** What the turn is after this event. Pure; events of another turn change nothing (a resume reports the last one's usage again). */
export function advance(turn: Turn, event: TurnEvent): Turn {
  const begins = turn.id === null && event.type === "turn_started";
  if ("turnId" in event && event.turnId !== turn.id && !begins) return turn;
  switch (event.type) {
    case "turn_started":
      return { ...turn, id: event.turnId, ids: [...turn.ids, event.turnId], state: "running" };
    case "turn_completed":
      return complete(turn, event);
    case "item_started":
      return itemStarted(turn, event.item);
    case "item_completed":
      return itemCompleted(turn, event.item);
    case "text":
      return { ...turn, draft: { itemId: event.itemId, text: drafted(turn, event.itemId, event.delta) } };
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
      return warned(turn, event.message);
    case "rerouted":
      return warned(turn, `Codex changed the model from ${event.from} to ${event.to}`);
    case "activity":
    case "goal":
    case "agent":
    case "request_resolved":
    case "other":
      return turn;
    default:
      return unreachable(event);
  }
}

/** The same for a thread whose turns follow each other by themselves: they count as one. */
export function follow(turn: Turn, event: TurnEvent): Turn {
  const another = event.type === "turn_started" && event.turnId !== turn.id;
  return advance(another ? { ...turn, id: null } : turn, event);
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

/** Codex has said that it is over. */
export function isOver({ state }: Turn): boolean {
  return state !== "starting" && state !== "running";
}

/** The turn is over, however it ended: what was still under way stays unfinished. */
export function endTurn(turn: Turn): Turn {
  const over = new Set([...turn.commands].map(({ id }) => id));
  const unfinished = [...turn.begun].filter(({ id }) => !over.has(id));
  const commands = unfinished.reduce((all, command) => all.with(command), turn.commands);
  return { ...turn, commands, begun: Grown.of(), running: new Map() };
}

// A turn may have 100,000 items: what is kept of it in a plain array or map stays short enough to be copied for each one.
const MOST_MESSAGES = 20;
const MOST_RUNNING = 16;
const MOST_WARNINGS = 100;

function warned(turn: Turn, message: string): Turn {
  const { warnings } = turn;
  if (warnings.includes(message) || warnings.length > MOST_WARNINGS) return turn;
  const next = warnings.length < MOST_WARNINGS ? message : `Codex gave more than ${MOST_WARNINGS} different warnings`;
  return { ...turn, warnings: [...warnings, next] };
}

function itemStarted(turn: Turn, item: Item): Turn {
  const activity = activityOf(item);
  const running = activity === null ? turn.running : withLast(turn.running, item.id, activity);
  if (!isCommand(item)) return { ...turn, running };
  return { ...turn, running, begun: turn.begun.with({ ...toCommandRun(item), status: "unfinished" }) };
}

function withLast(running: Turn["running"], id: string, activity: string): Turn["running"] {
  const kept = running.size < MOST_RUNNING ? running : [...running].slice(1 - MOST_RUNNING);
  return new Map(kept).set(id, activity);
}

function itemCompleted(turn: Turn, item: Item): Turn {
  const running = turn.running.has(item.id)
    ? new Map([...turn.running].filter(([id]) => id !== item.id))
    : turn.running;
  if (isMessage(item)) {
    // Messages come one after the other: a draft of another item was abandoned by a retried stream.
    const message = { text: item.text, phase: item.phase ?? null };
    const messages = [...turn.messages.slice(1 - MOST_MESSAGES), message];
    return { ...turn, running, draft: null, messages, answer: isAnswer(message, turn.answer) ? message : turn.answer };
  }
  if (isCommand(item)) return { ...turn, running, commands: turn.commands.with(toCommandRun(item)) };
  return { ...turn, running };
}

function isAnswer({ text, phase }: Message, before: Message | null): boolean {
  return text.trim() !== "" && (phase === "final_answer" || (phase === null && before?.phase !== "final_answer"));
}

function isMessage(item: Item): item is Extract<Item, { type: "agentMessage" }> {
  return item.type === "agentMessage" && "text" in item;
}

// The message comes whole once it is complete; a draft is read only of a turn that ends before that.
const MOST_DRAFT = 4_000_000;

function drafted({ draft }: Turn, itemId: string, delta: string): string {
  const text = draft?.itemId === itemId ? draft.text : "";
  return text.length + delta.length <= MOST_DRAFT ? text + delta : text;
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
