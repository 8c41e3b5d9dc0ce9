import { basename } from "node:path";
import { inspectSession } from "../../broker/command/inspect-session.ts";
import { launchWorker } from "../../broker/command/launch-worker.ts";
import { releaseQueue } from "../../broker/command/repair-session.ts";
import { requireFreeTree } from "../../broker/command/require-free-tree.ts";
import { WorkerGone } from "../../broker/socket/client.ts";
import { done } from "../../broker/socket/protocol.ts";
import { sayWord } from "../../broker/socket/say-word.ts";
import { sessionPaths } from "../../broker/store/session-paths.ts";
import { sessionFrom } from "../command/session-place.ts";
import type { WideFlags } from "../command/turn-options.ts";
import { grantedBy, wideFrom } from "../command/wide-flags.ts";
import { currentFolder, stateFolder } from "../edge/folders.ts";
import { workerProgram } from "../edge/own-program.ts";
import { refuseInside } from "../edge/refuse-inside.ts";
import { writeErr, writeOut } from "../edge/stdio.ts";
import { lines } from "../output/value-lines.ts";
import { tellRecovered } from "./status.ts";
import { waitAfter } from "./wait.ts";

interface ResumeFlags extends WideFlags {
  /** The permission that a message with full access was sent with. */
  readonly sandbox?: "danger-full-access";
  readonly wait?: number | undefined;
}

/** `codex_broker resume`: goes on with the queue, in a worker of the environment that this command has. */
export async function resume(id: string | undefined, { wait, ...flags }: ResumeFlags): Promise<number> {
  refuseInside("codex_broker");
  const folder = await sessionFrom("resume", id);
  const { state, worker, recovered } = await inspectSession(folder);
  if (recovered) tellRecovered(folder);
  const granted = grantedBy(await wideFrom(flags, flags.sandbox ?? null, currentFolder()), sessionPaths(folder));
  // A worker that is on its way out answers no more.
  const goesOn =
    worker === "alive" &&
    (await sayWord(folder, { type: "resume", granted: [...granted] }, done).catch(orGone)) !== null;
  if (!goesOn) {
    if (state.pending_count > 0) await requireFreeTree(folder, stateFolder(), null);
    await releaseQueue(sessionPaths(folder));
    if (state.pending_count > 0) await launchWorker(folder, workerProgram(), granted);
  }
  const resumed = goesOn || state.pending_count > 0;
  writeOut(
    lines([
      ["broker_id", basename(folder)],
      ["pending_count", state.pending_count],
      ["resumed", resumed],
    ]),
  );
  if (!resumed)
    writeErr("[codex] Nothing to resume: no message waits. codex_broker send gives the session another one.\n");
  return waitAfter(folder, wait);
}

function orGone(error: unknown): null {
  if (error instanceof WorkerGone && !error.silent) return null;
  throw error;
}
