import { newId } from "../files/state-paths.ts";
import { takeHold } from "../process/hold.ts";
import { findProcess } from "../process/process-table.ts";
import { needsRecovery, recover } from "./recover.ts";
import { openSessionLog, type SessionLog } from "./session-log.ts";
import type { SessionPaths } from "./session-paths.ts";

/** Does something with a session that no worker serves; false when one does after all. */
export async function withSession(paths: SessionPaths, act: (log: SessionLog) => Promise<void>): Promise<boolean> {
  const self = await findProcess(process.pid);
  const taking = await takeHold(paths.hold, { pid: process.pid, startedAt: self?.startedAt ?? "", runId: newId() });
  if (taking.type === "busy") return false;
  try {
    const log = openSessionLog(paths);
    try {
      await act(log);
    } finally {
      log.close();
    }
    return true;
  } finally {
    await taking.hold.release();
  }
}

/** Puts a session in order whose worker has died; true when there was something to repair. */
export async function repair(paths: SessionPaths): Promise<boolean> {
  let found = false;
  await withSession(paths, async (log) => {
    found = needsRecovery(log.state);
    if (found) await recover(log, paths);
    await log.publish();
  });
  return found;
}
