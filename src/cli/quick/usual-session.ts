import type { Inspected } from "../../broker/command/inspect-session.ts";
import { talkTo, usualStatus } from "../../broker/socket/usual-talk.ts";
import { countQueue } from "../../broker/store/queue.ts";
import { sessionPaths } from "../../broker/store/session-paths.ts";
import { usualState } from "../../broker/store/state-shape.ts";
import { statusNow } from "../../broker/store/status-now.ts";
import { readPlain } from "../../files/read-plain.ts";

/** A session of ours whose worker answers, or that is at rest; null, or an error, for any other. */
export async function usualSession(folder: string): Promise<Inspected | null> {
  const worker = await talkTo(folder);
  if (worker === null) return null;
  if (worker === "none") return atRest(folder);
  try {
    const told = usualStatus(await worker.ask({ type: "status" }));
    return told && { ...told, worker: "alive", recovered: false };
  } finally {
    worker.close();
  }
}

function atRest(folder: string): Inspected | null {
  const paths = sessionPaths(folder);
  const pending = countQueue(paths.queue);
  const state = usualState(JSON.parse(readPlain(paths.state)));
  if (state === null || state.worker_pid !== null || state.run_id !== null) return null;
  const now = { ...state, pending_count: pending, status: statusNow(state, pending) };
  return { state: now, live: null, worker: "none", recovered: false };
}
