import type { Progress } from "../../ask/model/context.ts";
import {
  agentsAfter,
  begunBy,
  checkWords,
  doingNow,
  graceWords,
  progressLine,
} from "../../ask/report/progress-words.ts";
import { monotonicMs } from "../../bounds/monotonic.ts";
import { type Turn, turnTokens } from "../../codex/fold-turn.ts";
import { oneLine } from "../../text/defuse.ts";
import type { Live } from "../socket/protocol.ts";
import type { SessionLog } from "../store/session-log.ts";

/** Follows a run: lines for people, and what it is at. */
export class SessionProgress implements Progress {
  readonly #log: SessionLog;
  readonly #changed: () => void;
  /** A turn has begun, and its end has not been seen. */
  turnOpen = false;
  /** What an orchestration is having done. */
  delegations: () => Live["delegations"] = () => [];
  #sessionId: string | null = null;
  #phase = "idle";
  #turn: Turn | null = null;
  #agents: ReadonlySet<string> = new Set();
  #lastCommand: string | null = null;
  #last: { readonly type: string; readonly at: number } | null = null;

  constructor(log: SessionLog, changed: () => void) {
    this.#log = log;
    this.#changed = changed;
  }

  live(): Live {
    const turn = this.#turn;
    const waiting = this.#log.state.openRequests[0];
    const phase = waiting === undefined ? this.#phase : waiting.type === "question" ? "asking" : "waiting for approval";
    return {
      phase,
      last_event: this.#last?.type ?? null,
      last_event_age: this.#last === null ? null : Math.round((monotonicMs() - this.#last.at) / 100) / 10,
      running_command: turn === null ? null : ([...turn.running.values()].at(-1) ?? null),
      last_command: this.#lastCommand,
      tokens: turn === null ? null : (turnTokens(turn)?.totalTokens ?? null),
      plan: [...(turn?.plan ?? [])],
      delegations: this.delegations(),
    };
  }

  begin(): void {
    this.#turn = null;
    this.#agents = new Set();
    this.#enter("starting", "run_started");
  }

  finish(): void {
    this.#turn = null;
    this.#enter("idle", "run_finished");
  }

  opened(sessionId: string): void {
    this.#sessionId = sessionId;
    this.turnOpen = true;
    this.#enter("thinking", "session_opened");
  }

  event(...[event, turn]: Parameters<Progress["event"]>): void {
    if (event.type === "other") return;
    this.#turn = turn;
    if (event.type === "turn_started") this.#noteThread();
    if (event.type === "turn_completed") this.turnOpen = false;
    this.#lastCommand = begunBy(event) ?? this.#lastCommand;
    const words = progressLine(event, turn);
    if (words !== null) this.#log.progress(`[codex] ${words}`);
    this.#agents = agentsAfter(event, this.#agents);
    const over = event.type === "turn_completed" && this.#agents.size === 0;
    this.#enter(over ? "finishing" : doingNow(turn, this.#agents), event.type);
  }

  grace(event: Parameters<Progress["grace"]>[0]): void {
    this.#log.progress(graceWords(event));
  }

  declined({ what }: Parameters<Progress["declined"]>[0]): void {
    this.#log.progress(`[codex] declined: ${oneLine(what, 120)}`);
  }

  checking(what: string): void {
    this.#log.progress(`[codex] checking: ${oneLine(what, 100)}`);
    this.#enter("checking", "checking");
  }

  checked(check: Parameters<Progress["checked"]>[0]): void {
    this.#log.progress(`[codex] ${checkWords(check)}`);
    this.#enter("checking", "checked");
  }

  warned(what: string): void {
    this.#log.progress(`[WARNING] ${what}`);
  }

  repairing(round: number, rounds: number): void {
    this.turnOpen = true;
    this.#log.progress(`[codex] the check failed: back to Codex, round ${round} of ${rounds}`);
    this.#enter("thinking", "repairing");
  }

  /** Only now: a thread without a turn cannot be gone on with. */
  #noteThread(): void {
    if (this.#sessionId === null || this.#log.state.threadId === this.#sessionId) return;
    this.#log.record("thread_opened", { session_id: this.#sessionId });
    void this.#log.publish();
  }

  #enter(phase: string, event: string): void {
    this.#phase = phase;
    this.#last = { type: event, at: monotonicMs() };
    this.#changed();
  }
}
