import { basename } from "node:path";
import { readThreadRecord, writeThreadRecord } from "../../ask/model/thread-record.ts";
import { AskCodexError, UsageError } from "../../errors.ts";
import { VERSION_HINT } from "../socket/protocol.ts";
import type { SessionLog } from "../store/session-log.ts";
import { sessionPaths } from "../store/session-paths.ts";
import { inspectSession } from "./inspect-session.ts";
import { doOrTell } from "./repair-session.ts";

interface Renamed {
  readonly brokerId: string;
  readonly before: string | null;
  /** A dead worker was found, and the record repaired. */
  readonly recovered: boolean;
}

interface Around {
  /** The state folder, which has the record of the session's thread. */
  readonly state: string;
  /** The session that has the name already in the work tree around this folder. */
  isTaken(startedIn: string): Promise<string | null>;
}

/**
 * Gives a session another name: by its worker, where it has one, and in the record of its thread, so that `ask_codex` knows it too.
 * @throws UsageError when another session of its work tree has that name
 */
export async function renameSession(folder: string, name: string, { state, isTaken }: Around): Promise<Renamed> {
  const found = await inspectSession(folder);
  const other = await isTaken(found.state.started_in);
  if (other !== null)
    throw new UsageError(
      `Another session of this work tree has the name ${name}: ${basename(other)}`,
      "Choose another name, or rename that one first.",
    );
  const note = async (log: SessionLog) => {
    log.record("renamed", { name });
    await log.publish();
  };
  if (!(await doOrTell(sessionPaths(folder), note, { type: "rename", name })))
    throw new AskCodexError("session_busy", "The session's worker did not take the name.", { hint: VERSION_HINT });
  const thread = found.state.session_id;
  const record = thread === null ? null : await readThreadRecord(state, thread);
  if (record !== null) await writeThreadRecord(state, { ...record, name });
  return { brokerId: found.state.broker_id, before: found.state.name, recovered: found.recovered };
}
