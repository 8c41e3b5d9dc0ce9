import { unlessAborted } from "./time-limit.ts";

/**
 * The promise, or a rejection with the signal's reason `ms` after it fired: for work that then ends by itself as a rule, but that a server
 * which is away could keep for ever.
 */
export async function unlessLongAborted<T>(work: Promise<T>, signal: AbortSignal, ms: number): Promise<T> {
  const late = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const wait = () => {
    timer = setTimeout(() => late.abort(signal.reason), ms);
  };
  if (signal.aborted) wait();
  else signal.addEventListener("abort", wait, { once: true });
  try {
    return await unlessAborted(work, late.signal);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", wait);
  }
}
