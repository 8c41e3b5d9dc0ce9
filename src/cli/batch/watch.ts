import { setTimeout as sleep } from "node:timers/promises";
import { batchPaths, readSchedule } from "../../batch/schedule/journal.ts";
import { holderOf } from "../../process/hold.ts";
import { stateFolder } from "../edge/folders.ts";
import { writeOut } from "../edge/stdio.ts";
import { batchId, status } from "./status.ts";
import { standing } from "./table.ts";

/** `ask_codex batch watch`: a line for each change, until no process carries the batch out any more; then its status. */
export async function watch(given: string | undefined): Promise<number> {
  const state = stateFolder();
  const id = await batchId(given, state);
  const paths = batchPaths(state, id);
  for (let told = ""; ; await sleep(POLL_MS)) {
    const alive = (await holderOf(paths.hold)) !== null;
    const now = standing(readSchedule(paths, id));
    if (now !== told) writeOut(`${now}\n`);
    told = now;
    if (!alive) return status(id, { json: false });
  }
}

const POLL_MS = 1_000;
