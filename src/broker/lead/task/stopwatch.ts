import { monotonicMs } from "../../../bounds/monotonic.ts";
/** Counts the time that an orchestration works; it stands still while there is nothing but a question that waits for a person. */
export class Stopwatch {
  #before: number;
  #since: number | null = null;

  /** `before`: what was counted by earlier workers, in milliseconds. */
  constructor(before: number) {
    this.#before = before;
  }

  get ms(): number {
    return Math.round(this.#before + (this.#since === null ? 0 : monotonicMs() - this.#since));
  }

  start(): void {
    this.#since ??= monotonicMs();
  }

  stop(): void {
    this.#before = this.ms;
    this.#since = null;
  }
}
