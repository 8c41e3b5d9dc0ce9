import {
  type Item,
  notifications,
  type RateWindow,
  type ThreadSettings,
  type Tokens,
  type TurnError,
} from "./messages.ts";

/** What a notification means for a turn. */
export type TurnEvent =
  | { readonly type: "turn_started"; readonly turnId: string }
  | {
      readonly type: "turn_completed";
      readonly turnId: string;
      readonly status: string;
      readonly error: TurnError | null;
    }
  /** `at`: when, by Codex's clock. */
  | { readonly type: "item_started"; readonly turnId: string; readonly item: Item; readonly at?: number | undefined }
  | { readonly type: "item_completed"; readonly turnId: string; readonly item: Item; readonly at?: number | undefined }
  | { readonly type: "text"; readonly turnId: string; readonly itemId: string; readonly delta: string }
  /** Something moves: reasoning, command output, a tool's progress. */
  | { readonly type: "activity" }
  | { readonly type: "plan"; readonly steps: readonly { readonly step: string; readonly status: string }[] }
  | { readonly type: "usage"; readonly turnId: string; readonly total: Tokens; readonly last: Tokens }
  | { readonly type: "problem"; readonly error: TurnError; readonly willRetry: boolean }
  | { readonly type: "settings"; readonly settings: ThreadSettings }
  | { readonly type: "rate_limits"; readonly windows: readonly NonNullable<RateWindow>[] }
  | { readonly type: "warning"; readonly message: string }
  | { readonly type: "rerouted"; readonly from: string; readonly to: string }
  /** What the thread pursues beyond this turn; null: nothing any more. */
  | { readonly type: "goal"; readonly goal: { readonly objective: string; readonly status: string } | null }
  /** Something in a thread of a sub-agent. */
  | { readonly type: "agent"; readonly threadId: string; readonly event: TurnEvent }
  /** A request of Codex's is settled, by our answer or without it. */
  | { readonly type: "request_resolved"; readonly id: string }
  | { readonly type: "other"; readonly method: string };

export interface Notification {
  readonly method: string;
  readonly params: unknown;
}

/** Reads a notification for `threadId`. Never throws: Codex may send what we do not know. */
export function toTurnEvent({ method, params }: Notification, threadId: string): TurnEvent {
  const other: TurnEvent = ACTIVITY.test(method) ? { type: "activity" } : { type: "other", method };
  if (!isKnown(method)) return other;
  const parsed = notifications[method].safeParse(params);
  if (!parsed.success) return other;
  const event = translate({ method, data: parsed.data } as Known);
  const thread = "threadId" in parsed.data ? parsed.data.threadId : threadId;
  return thread === threadId ? event : { type: "agent", threadId: thread, event };
}

/** Deltas and progress of any kind, named alike in every version: `item/…/outputDelta`, `item/reasoning/textDelta`, … */
const ACTIVITY = /^item\/.*(?:delta|progress|patchUpdated|PartAdded|terminalInteraction)$/i;

type Method = keyof typeof notifications;
type Known = {
  [M in Method]: {
    readonly method: M;
    readonly data: NonNullable<ReturnType<(typeof notifications)[M]["safeParse"]>["data"]>;
  };
}[Method];

function isKnown(method: string): method is Method {
  return Object.hasOwn(notifications, method);
}

function translate({ method, data }: Known): TurnEvent {
  switch (method) {
    case "turn/started":
      return { type: "turn_started", turnId: data.turn.id };
    case "turn/completed":
      return { type: "turn_completed", turnId: data.turn.id, status: data.turn.status, error: data.turn.error ?? null };
    case "thread/status/changed":
    case "thread/closed":
      return { type: "other", method };
    case "thread/goal/updated":
      return { type: "goal", goal: data.goal };
    case "thread/goal/cleared":
      return { type: "goal", goal: null };
    case "item/started":
      return { type: "item_started", turnId: data.turnId, item: data.item, at: data.startedAtMs };
    case "item/completed":
      return { type: "item_completed", turnId: data.turnId, item: data.item, at: data.completedAtMs };
    case "item/agentMessage/delta":
      return { type: "text", turnId: data.turnId, itemId: data.itemId, delta: data.delta };
    case "turn/plan/updated":
      return { type: "plan", steps: data.plan };
    case "thread/tokenUsage/updated":
      return { type: "usage", turnId: data.turnId, ...data.tokenUsage };
    case "thread/settings/updated":
      return { type: "settings", settings: data.threadSettings };
    case "account/rateLimits/updated":
      return {
        type: "rate_limits",
        windows: [data.rateLimits.primary, data.rateLimits.secondary].flatMap((w) => w ?? []),
      };
    case "error":
      return { type: "problem", error: data.error, willRetry: data.willRetry };
    case "warning":
    case "guardianWarning":
      return { type: "warning", message: data.message };
    case "configWarning":
    case "deprecationNotice":
      return { type: "warning", message: data.summary };
    case "model/rerouted":
      return { type: "rerouted", from: data.fromModel, to: data.toModel };
    case "serverRequest/resolved":
      return { type: "request_resolved", id: String(data.requestId) };
  }
}

/** Whether it shows that Codex is at work, itself or in a sub-agent. */
export function isProgress(event: TurnEvent): boolean {
  return event.type === "agent" ? isProgress(event.event) : PROGRESS[event.type];
}

/** Problems, warnings and settings do not: a reconnect notice must not reset the idle clock. */
const PROGRESS: Readonly<Record<Exclude<TurnEvent["type"], "agent">, boolean>> = {
  turn_started: true,
  turn_completed: false,
  item_started: true,
  item_completed: true,
  text: true,
  activity: true,
  plan: true,
  usage: true,
  goal: false,
  problem: false,
  settings: false,
  rate_limits: false,
  warning: false,
  rerouted: false,
  request_resolved: false,
  other: false,
};
