/** Does something soon after it was asked for, and once for all that asked meanwhile. */
export class Throttle {
  readonly #ms: number;
  readonly #act: () => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(ms: number, act: () => void) {
    this.#ms = ms;
    this.#act = act;
  }

  soon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#act();
    }, this.#ms);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
