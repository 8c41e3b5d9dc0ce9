import { setTimeout as sleep } from "node:timers/promises";
import { LONGEST_MS } from "../../bounds/time-limit.ts";

/** Wakes whoever waits. Rung before there is a waiter, it wakes the next one: no ring is lost. */
export class Bell {
  #rung = false;
  #wake: () => void = () => {};

  ring(): void {
    this.#rung = true;
    this.#wake();
  }

  /** Resolves at the next ring, or after `ms` (at most 24 days). */
  async heard(ms: number): Promise<void> {
    const timer = new AbortController();
    const rung = new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    if (!this.#rung)
      await Promise.race([rung, sleep(Math.min(ms, LONGEST_MS), undefined, { signal: timer.signal }).catch(() => {})]);
    timer.abort();
    this.#rung = false;
  }
}
