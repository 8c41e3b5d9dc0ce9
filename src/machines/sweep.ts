import { messageOf } from "../errors.ts";
import type { Machine } from "./machine.ts";
import { SWEEP } from "./scripts.ts";
import { runThere } from "./ssh.ts";

const SWEEP_MS = 30_000;
// Who has sent a signal does not wait long. What is over there sees the end of its connection as well, and clears up.
const URGENT_SWEEP_MS = 5_000;

/** Ends what a run has left on a machine. Resolves with what is not known or not done, in words; null: nothing is left. */
export async function sweepMachine(machine: Machine, runId: string, ended?: AbortSignal): Promise<string | null> {
  try {
    const limitMs = ended?.aborted ? URGENT_SWEEP_MS : SWEEP_MS;
    const printed = await runThere(machine, SWEEP, [machine.folder, runId], { limitMs });
    if (printed.includes("swept")) return null;
    return `what run ${runId} left on ${machine.name} could not be ended or removed`;
  } catch (error) {
    return `what run ${runId} left on ${machine.name} is unchecked (${messageOf(error)})`;
  }
}
