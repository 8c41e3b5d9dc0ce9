import { join } from "node:path";
import { unlessAborted } from "../../bounds/time-limit.ts";
import { AskCodexError } from "../../errors.ts";
import { makePrivateFolder } from "../../files/write-whole.ts";
import { type Hold, type Holder, holderOf, takeHold } from "../../process/hold.ts";
import { isElsewhere } from "../../process/liveness.ts";
import { requireThreadId, threadsFolder } from "./thread-record.ts";

/** Asks a session's worker to let go of a thread: true when it has left, false when it is at work. */
export type AskToYield = (holder: Holder) => Promise<boolean>;

export interface HoldThread {
  readonly own: Holder;
  readonly askToYield?: AskToYield | undefined;
  /** Until when it is waited for. */
  readonly signal?: AbortSignal;
}

/**
 * Takes a thread for its live turns, over all our processes. A session's worker that only keeps it warm is asked to give way.
 * @throws AskCodexError `session_busy`, naming the holder; the signal's reason
 */
export async function holdThread(
  state: string,
  threadId: string,
  { own, askToYield = async () => false, signal }: HoldThread,
): Promise<Hold> {
  await makePrivateFolder(threadsFolder(state));
  const path = holdPath(state, threadId);
  const first = await takeHold(path, own, signal);
  if (first.type === "held") return first.hold;
  const { holder } = first;
  const yielded = holder.session !== undefined && (await unlessAborted(askToYield(holder), signal));
  if (!yielded) throw busy(threadId, holder);
  const second = await takeHold(path, own, signal);
  if (second.type === "held") return second.hold;
  throw busy(threadId, second.holder);
}

/** Whether a living process has a turn of this thread under way, or keeps it warm. */
export async function isHeld(state: string, threadId: string): Promise<boolean> {
  return (await holderOf(holdPath(state, threadId))) !== null;
}

function holdPath(state: string, threadId: string): string {
  return join(threadsFolder(state), `${requireThreadId(threadId)}.hold`);
}

function busy(threadId: string, holder: Holder): AskCodexError {
  const { pid, runId, session } = holder;
  if (session === undefined) {
    const where = isElsewhere(holder) ? " of another container, or of the host" : "";
    return new AskCodexError("session_busy", `session ${threadId} is in use by run ${runId} (process ${pid}${where})`);
  }
  const hint = `Give it the message itself: codex_broker send ${runId} "…", or branch off with --fork.`;
  return new AskCodexError("session_busy", `session ${threadId} is in use by broker session ${runId}`, { hint });
}
