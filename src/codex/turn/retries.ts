import { LONGEST_MS } from "../../bounds/time-limit.ts";
import { classifyProblem, httpStatusOf, isEndlessRetry } from "../classify-problem.ts";
import type { TurnError } from "../messages.ts";

/** Codex's retries mostly end by themselves. Two kinds do not, or end in a way that is known now. */
export class Retries {
  readonly #windowMs: number;
  readonly #stop: (type: "network" | "auth") => void;
  #timer: NodeJS.Timeout | undefined;

  /** `windowMs`: how long Codex may wait for the network without any progress (0: for ever). */
  constructor(windowMs: number, stop: (type: "network" | "auth") => void) {
    this.#windowMs = windowMs;
    this.#stop = stop;
  }

  /** Codex has a problem, and will try again. */
  announced(error: TurnError): void {
    if (httpStatusOf(error) !== null && classifyProblem(error) === "auth") return this.#stop("auth");
    if (!isEndlessRetry(error) || this.#windowMs === 0) return;
    this.#timer ??= setTimeout(() => this.#stop("network"), Math.min(this.#windowMs, LONGEST_MS));
  }

  /** Codex has come through, or nothing is waited for any more. */
  over(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
