import type { Inspected } from "../../broker/command/inspect-session.ts";
import { talkTo, usualStatus } from "../../broker/socket/usual-talk.ts";
import { countQueue } from "../../broker/store/queue.ts";
import { sessionPaths } from "../../broker/store/session-paths.ts";
import { usualState } from "../../broker/store/state-shape.ts";
import { statusNow } from "../../broker/store/status-now.ts";
import { readPlain } from "../../files/read-plain.ts";
import { progressText, sessionText } from "../broker/session-text.ts";
import { printAtOnce } from "../edge/stdio.ts";
import { ownSession } from "./own-session.ts";

/** `codex_broker status` with a whole id. Null: something is out of the ordinary, and `broker/status.ts` says what. */
export async function status(id: string): Promise<number | null> {
  const now = await usualSession(id);
  if (now === null) return null;
  printAtOnce(sessionText(now) + progressText(now.state));
  return 0;
}

/** A session of ours whose worker answers, or that is at rest. */
async function usualSession(id: string): Promise<Inspected | null> {
  try {
    const folder = ownSession(id);
    if (folder === null) return null;
    const worker = await talkTo(folder);
    if (worker === null) return null;
    if (worker === "none") return atRest(folder);
    const told = usualStatus(await worker.ask({ type: "status" }));
    worker.close();
    return told && { ...told, worker: "alive", recovered: false };
  } catch {
    // Whatever it is, the general way meets it again, and has the words for it.
    return null;
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
