import type { Holder } from "./hold.ts";
import { ownPidNamespace } from "./liveness.ts";
import { findProcess } from "./table.ts";

/** This process as a holder. */
export async function ownHolder(runId: string, session?: string): Promise<Holder> {
  const startedAt = (await findProcess(process.pid))?.startedAt ?? "";
  return { pid: process.pid, startedAt, pidNamespace: ownPidNamespace(), runId, session };
}
