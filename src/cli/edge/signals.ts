import { type CancelSignal, SIGNAL_EXIT_CODES } from "../../errors.ts";

/**
 * Turns SIGINT, SIGTERM and SIGHUP into one cancel, with the name of the first as its reason. The run then ends in order; a
 * second signal changes nothing. Never undone: a signal while this process ends must not change its exit code either.
 */
export function cancelOnSignals(): AbortSignal {
  const controller = new AbortController();
  for (const name of Object.keys(SIGNAL_EXIT_CODES) as CancelSignal[]) process.on(name, () => controller.abort(name));
  return controller.signal;
}
