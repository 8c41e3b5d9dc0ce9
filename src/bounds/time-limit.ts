/** Signals that become one, and a time after which it fires by itself. */
export interface TimeLimit {
  readonly signal: AbortSignal;
  /** True when the time ran out before anything else ended it. */
  expired(): boolean;
  /** Ends it without firing: the timer and the listeners are gone. */
  clear(): void;
}

/** The longest time that setTimeout takes: 31 bits. */
export const LONGEST_MS = 2 ** 31 - 1;

/**
 * One signal that fires with the first of `signals`, or after `ms` (left out: never). Instead of AbortSignal.timeout and
 * AbortSignal.any: Node 20 collects a signal that nothing else holds, and then its time never comes. Here the timer holds it.
 */
export function timeLimit(signals: readonly AbortSignal[], ms: number | null = null): TimeLimit {
  const controller = new AbortController();
  let expired = false;
  const expire = () => {
    expired = !controller.signal.aborted;
    end(new DOMException(`not done within ${ms} ms`, "TimeoutError"));
  };
  const timer = ms === null ? undefined : setTimeout(expire, Math.min(ms, LONGEST_MS));
  const listeners = signals.map((signal) => ({ signal, heard: () => end(signal.reason) }));
  for (const { signal, heard } of listeners) signal.addEventListener("abort", heard);
  for (const { signal, heard } of listeners) if (signal.aborted) heard();
  return { signal: controller.signal, expired: () => expired, clear };

  function end(reason: unknown) {
    clear();
    controller.abort(reason);
  }

  function clear() {
    clearTimeout(timer);
    for (const { signal, heard } of listeners) signal.removeEventListener("abort", heard);
  }
}

/** The promise, or a rejection with the signal's reason when that comes first; the work itself goes on. */
export async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  const done = new AbortController();
  const aborted = new Promise<never>((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener("abort", () => reject(signal.reason), { once: true, signal: done.signal });
  });
  try {
    return await Promise.race([aborted, work]);
  } finally {
    done.abort();
  }
}
