import type { Progress } from "../../ask/model/context.ts";
import { progressLine } from "../../ask/report/progress-words.ts";
import type { JobWatcher } from "./place.ts";

/** A watcher that passes everything on, and knows whether Codex had the task. */
export function noticing(watcher: JobWatcher): { readonly told: JobWatcher; hasBegun(): boolean } {
  let begun = false;
  const told: JobWatcher = {
    ...watcher,
    working(sessionId) {
      begun = true;
      watcher.working(sessionId);
    },
  };
  return { told, hasBegun: () => begun };
}

/** What a run reports of its progress, for the watcher of its job. */
export function progressFor({ working, doing }: JobWatcher): Progress {
  return {
    event(event, turn) {
      const line = progressLine(event, turn);
      if (line !== null) doing(line);
    },
    grace: () => {},
    declined: () => {},
    opened: working,
    checking: (what) => doing(`checking: ${what}`),
    checked: () => {},
    repairing: (round, rounds) => doing(`repair ${round}/${rounds}`),
    warned: doing,
  };
}
