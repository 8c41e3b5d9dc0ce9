import { monotonicMs } from "../../bounds/monotonic.ts";
import { LONGEST_MS } from "../../bounds/time-limit.ts";

/** Time limits of one turn, in milliseconds; 0 switches a limit off. */
export interface Limits {
  readonly totalMs: number;
  /** Counted from the last progress; Codex's own retry notices are not progress. */
  readonly idleMs: number;
}

type ClockKind = "idle" | "total";

/** A limit that was reached: which one, and how long its window had lasted (ms). */
export interface ClockEvent {
  readonly kind: ClockKind;
  readonly afterMs: number;
}

export interface Expiry {
  /** The event that used up the grace window. */
  readonly first: ClockEvent;
  readonly last: ClockEvent;
}

export interface Clocks {
  progress(): void;
  /** All clocks stand still until `resume`, and lose nothing meanwhile. */
  pause(): void;
  resume(): void;
  stop(): void;
}

export interface ClockListener {
  /** The first limit was reached: both windows start anew, once. */
  readonly grace: (event: ClockEvent) => void;
  readonly expired: (expiry: Expiry) => void;
}

/** Watches a turn: the first limit of either kind grants one grace window, the second one expires it. */
export function startClocks(limits: Limits, listener: ClockListener): Clocks {
  let windowStart = monotonicMs();
  let lastProgress = windowStart;
  let pausedAt: number | null = null;
  let stopped = false;
  let first: ClockEvent | null = null;
  let timer: NodeJS.Timeout | undefined;

  const reach = (kind: ClockKind) => {
    const event: ClockEvent = { kind, afterMs: monotonicMs() - (kind === "idle" ? lastProgress : windowStart) };
    if (first !== null) {
      stop();
      listener.expired({ first, last: event });
      return;
    }
    first = event;
    windowStart = lastProgress = monotonicMs();
    listener.grace(event);
    arm();
  };

  /** One timer for whichever limit comes first; progress only moves a number, and the timer looks again when it fires. */
  function arm() {
    clearTimeout(timer);
    if (stopped || pausedAt !== null) return;
    const due = [
      { kind: "idle" as const, at: limits.idleMs > 0 ? lastProgress + limits.idleMs : Infinity },
      { kind: "total" as const, at: limits.totalMs > 0 ? windowStart + limits.totalMs : Infinity },
    ].reduce((soonest, other) => (other.at < soonest.at ? other : soonest));
    if (due.at === Infinity) return;
    const wait = due.at - monotonicMs();
    // setTimeout takes 31 bits; a longer wait is taken in several.
    if (wait > 0) timer = setTimeout(arm, Math.min(Math.ceil(wait), LONGEST_MS));
    else reach(due.kind);
  }

  function stop() {
    stopped = true;
    clearTimeout(timer);
  }

  arm();
  return {
    progress() {
      // What moves during a pause counts as of its beginning: `resume` adds the whole pause.
      lastProgress = pausedAt ?? monotonicMs();
    },
    pause() {
      pausedAt ??= monotonicMs();
      clearTimeout(timer);
    },
    resume() {
      if (pausedAt === null) return;
      const stood = monotonicMs() - pausedAt;
      pausedAt = null;
      windowStart += stood;
      lastProgress += stood;
      arm();
    },
    stop,
  };
}
