interface Waiting {
  readonly place: () => number;
  readonly go: () => void;
}

/** A number of places to work in; who waits gets one in the order of the queue, not of coming. */
export class Slots {
  #free: number;
  readonly #waiting = new Set<Waiting>();

  constructor(count: number) {
    this.#free = count;
  }

  /** Does the work when there is a place. `place`: where in the queue it stands. Rejects with the signal's reason when that comes first. */
  async use<T>(place: () => number, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    await this.#take(place, signal);
    try {
      return await work();
    } finally {
      this.#give();
    }
  }

  #take(place: () => number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#free > 0) {
      this.#free -= 1;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const waiting = {
        place,
        go: () => {
          signal.removeEventListener("abort", leave);
          resolve();
        },
      };
      const leave = () => {
        this.#waiting.delete(waiting);
        reject(signal.reason);
      };
      signal.addEventListener("abort", leave, { once: true });
      this.#waiting.add(waiting);
    });
  }

  #give(): void {
    const [next] = [...this.#waiting].sort((one, other) => one.place() - other.place());
    if (next === undefined) {
      this.#free += 1;
      return;
    }
    this.#waiting.delete(next);
    next.go();
  }
}
