import type { PlanTarget } from "../../ask/model/plan.ts";
import { isThreadId, listThreadRecords, readThreadRecord } from "../../ask/model/thread-record.ts";
import { AskCodexError } from "../../errors.ts";

/**
 * Which session `--session` means: an id, or `@name`, the newest session of that name in this workspace.
 * @throws AskCodexError `session_unknown`
 */
export async function findTarget(
  { session, fork }: { readonly session?: string; readonly fork: boolean },
  workspace: string,
  state: string,
): Promise<PlanTarget> {
  if (session === undefined) return { type: "new" };
  const type = fork ? "fork" : "resume";
  if (session.startsWith("@")) {
    const { records } = await listThreadRecords(state);
    const record = records.find((known) => known.name === session.slice(1) && known.workspace === workspace);
    if (record === undefined) throw unknown(`--session ${session}: no session of this workspace has that name`);
    return { type, threadId: record.thread_id, record };
  }
  // It becomes a file name: nothing but what Codex's ids are made of.
  if (!isThreadId(session)) throw unknown(`--session ${session} is no session id`);
  return { type, threadId: session, record: await readThreadRecord(state, session) };
}

function unknown(message: string): AskCodexError {
  return new AskCodexError("session_unknown", message);
}
