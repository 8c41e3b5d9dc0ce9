import type { StateFile } from "./state-file.ts";

/** A message that came while no worker was there has not been counted yet. */
export function statusNow(
  { status, queue_held, run_id }: Pick<StateFile, "status" | "queue_held" | "run_id">,
  pending: number,
): StateFile["status"] {
  const settled = status === "waiting_input" || status === "attention_required" || status === "starting";
  return settled && pending > 0 && !queue_held && run_id === null ? "queued" : status;
}
