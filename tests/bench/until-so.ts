import { setTimeout as sleep } from "node:timers/promises";

interface Wait {
  /** What does not come, for the message. */
  readonly what: string;
  readonly signal: AbortSignal;
}

/**
 * Looks again and again until it is so: for what sends no event. Between two looks the event loop gets its turn, because the scripted
 * model answers from this very process. Rejects when the bench is interrupted, and when it is never so.
 */
export async function untilSo(look: () => boolean | Promise<boolean>, { what, signal }: Wait): Promise<void> {
  const deadline = performance.now() + HOPELESS_MS;
  while (!(await look())) {
    if (performance.now() > deadline) throw new Error(`${what}: not so after ${HOPELESS_MS / 1_000} s`);
    await sleep(POLL_MS, undefined, { signal });
  }
}

const HOPELESS_MS = 60_000;
const POLL_MS = 2;
