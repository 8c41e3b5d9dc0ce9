import { type CancelSignal, SIGNAL_EXIT_CODES } from "../errors.ts";

export interface Cancel {
  /** Aborted by the first signal, with its name as the reason. */
  readonly signal: AbortSignal;
  stop(): void;
}

/** Turns SIGINT, SIGTERM and SIGHUP into one cancel. The run then ends in order; a second signal changes nothing. */
export function cancelOnSignals(): Cancel {
  const controller = new AbortController();
  const names = Object.keys(SIGNAL_EXIT_CODES) as CancelSignal[];
  const onSignal = (name: NodeJS.Signals) => controller.abort(name);
  for (const name of names) process.on(name, onSignal);
  return {
    signal: controller.signal,
    stop() {
      for (const name of names) process.off(name, onSignal);
    },
  };
}
