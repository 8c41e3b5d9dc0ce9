import type { RemoteEnvironment } from "../environment.ts";
import type { Turn } from "../fold-turn.ts";
import type { AskedQuestion } from "../messages.ts";
import type { ServerExit } from "../server-exit.ts";
import type { Declined } from "../server-requests.ts";
import type { TurnSettings } from "../settings.ts";
import type { Toolbox } from "../tools.ts";
import type { TurnEvent } from "../turn-event.ts";
import type { Attendant } from "./attended-requests.ts";
import type { ClockEvent, Expiry, Limits } from "./clocks.ts";

export interface TurnRequest {
  readonly threadId: string;
  readonly input: readonly UserInput[];
  readonly settings: TurnSettings;
  /** The effort of the thread's last turn. */
  readonly effortBefore: string | null;
  readonly outputSchema: unknown;
  /** The machine that it runs on; left out: this one. */
  readonly environment?: RemoteEnvironment | null;
  readonly limits: TurnLimits;
}

export interface TurnLimits extends Limits {
  /** How long Codex may wait for the network without any progress (ms; 0: for ever). */
  readonly retryWindowMs: number;
}

export type UserInput =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "localImage"; readonly path: string };

/** Why a turn is over. Only `ended` means that Codex said so itself. */
export type TurnEnd =
  | { readonly type: "ended" }
  | { readonly type: "timeout"; readonly expiry: Expiry }
  | { readonly type: "cancelled"; readonly reason: unknown }
  /** No one is there to answer while the turn waits. */
  | { readonly type: "question"; readonly questions: readonly AskedQuestion[] }
  /** Codex waits for the network, or was refused by the server, and would only try again. */
  | { readonly type: "network" }
  | { readonly type: "auth" }
  /** `turn/start` itself was refused. */
  | { readonly type: "refused"; readonly error: unknown }
  | { readonly type: "settings"; readonly mismatches: readonly string[] }
  | { readonly type: "exited"; readonly exit: ServerExit };

export interface TurnOutcome {
  readonly end: TurnEnd;
  readonly turn: Turn;
  readonly declined: readonly Declined[];
  /** The sub-agents that worked in the turn, each with all its turns as one. */
  readonly agents: readonly AgentWork[];
}

export interface AgentWork {
  readonly threadId: string;
  readonly turn: Turn;
  /** It was at work when the run was ended. */
  readonly stopped: boolean;
}

/** Who wants to hear how it goes. */
export interface TurnWatcher {
  event(event: TurnEvent, turn: Turn): void;
  grace(event: ClockEvent): void;
  declined(declined: Declined): void;
}

export interface TurnContext {
  readonly signal: AbortSignal;
  readonly watcher: TurnWatcher;
  /** Who answers what Codex asks; null: no one. */
  readonly attendant: Attendant | null;
  /** What answers a call of one of our tools; null: the thread has none. */
  readonly toolbox: Toolbox | null;
}
