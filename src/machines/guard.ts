import { once } from "node:events";
import { AskCodexError } from "../errors.ts";
import type { Machine } from "./machine.ts";
import { GUARD } from "./scripts.ts";
import { startThere } from "./ssh.ts";

/** Who clears up after a run over there when the connection ends, also when the coordinator or ssh was killed. */
export interface Guard {
  close(): Promise<void>;
}

/**
 * Starts one in the folder of a run. `lose` is called when it, or the connection, ends before it is closed.
 * @throws AskCodexError `machine_lost` when the machine does not answer
 */
export async function guard(machine: Machine, runId: string, lose: () => void): Promise<Guard> {
  const child = await startThere(machine, GUARD, [machine.folder, runId]);
  const closed = once(child, "close").catch(() => {});
  child.on("error", lose).on("exit", lose);
  child.stderr.resume();
  const answered = await Promise.race([once(child.stdout, "data"), closed.then(() => null)]);
  if (answered === null)
    throw new AskCodexError("machine_lost", `on the machine ${machine.name} nothing could be started`);
  child.stdout.resume();
  return {
    async close() {
      child.removeListener("exit", lose);
      child.stdin.end();
      child.kill();
      await closed;
    },
  };
}
