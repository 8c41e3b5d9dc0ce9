import { setTimeout as sleep } from "node:timers/promises";
import { monotonicMs } from "../../bounds/monotonic.ts";
import { connectWorker, notUnderstood, WorkerGone } from "../socket/client.ts";
import { sessionStatus } from "../socket/protocol.ts";
import { isSettled } from "../store/settled.ts";
import { type Inspected, inspectSession } from "./inspect-session.ts";

// From the launch of a worker to its socket: 0.1 s, and many times that where fifty are launched at once.
export const LAUNCH_LIMIT_MS = 20_000;
const LAUNCH_POLL_MS = 15;

/**
 * Waits until a session settles. Its worker reports that; nothing is polled. `seen` is called with every state on the way. Resolves
 * with null when the signal comes first.
 */
export async function waitForSession(
  folder: string,
  signal: AbortSignal,
  seen: (now: Inspected) => void = () => {},
): Promise<Inspected | null> {
  let deadline = monotonicMs() + LAUNCH_LIMIT_MS;
  while (!signal.aborted) {
    const served = await watchWorker(folder, signal, seen);
    if (typeof served === "object") return served;
    if (served === "closed") deadline = monotonicMs() + LAUNCH_LIMIT_MS;
    if (signal.aborted) return null;
    const now = await inspectSession(folder);
    seen(now);
    // A worker may still be on its way; one that never comes is reported as what it is: work that no one does.
    if (isSettled(now.state) || monotonicMs() > deadline) return now;
    await sleep(LAUNCH_POLL_MS, undefined, { signal }).catch(() => {});
  }
  return null;
}

/** Follows a worker until the session settles, as it then is, or the worker is gone; `none`: there was none. */
async function watchWorker(
  folder: string,
  signal: AbortSignal,
  seen: (now: Inspected) => void,
): Promise<Inspected | "closed" | "none"> {
  const worker = await connectWorker(folder);
  if (worker === null) return "none";
  const stop = () => worker.close();
  signal.addEventListener("abort", stop);
  // It may have come while the connection was made.
  if (signal.aborted) stop();
  try {
    let settle: (now: Inspected) => void = () => {};
    let giveUp: (error: Error) => void = () => {};
    const settled = new Promise<Inspected>((resolve, reject) => {
      settle = resolve;
      giveUp = reject;
    });
    const look = (pushed: unknown) => {
      const parsed = sessionStatus.safeParse(pushed);
      // A worker of another build: waiting on would be for ever.
      if (!parsed.success) return giveUp(notUnderstood());
      const now: Inspected = { ...parsed.data, worker: "alive", recovered: false };
      seen(now);
      if (isSettled(now.state)) settle(now);
    };
    worker.onPush(look);
    look(await worker.call({ type: "watch" }, sessionStatus));
    return await Promise.race([settled, worker.closed.then(() => "closed" as const)]);
  } catch (error) {
    if (error instanceof WorkerGone) return "closed";
    throw error;
  } finally {
    signal.removeEventListener("abort", stop);
    worker.close();
  }
}
