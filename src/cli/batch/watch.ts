import { setTimeout as sleep } from "node:timers/promises";
import { batchPaths, readSchedule } from "../../batch/schedule/journal.ts";
import type { Schedule } from "../../batch/schedule/schedule.ts";
import { runPaths } from "../../files/state-paths.ts";
import { holderOf } from "../../process/hold.ts";
import { stateFolder } from "../edge/folders.ts";
import { drawingSize, whenUnread, writeOut } from "../edge/stdio.ts";
import { lastStep } from "./last-step.ts";
import { batchId, status } from "./status.ts";
import { standing } from "./table.ts";
import { batchView } from "./view.ts";

/** `ask_codex batch watch`: a table on a terminal, elsewhere a line for each change, until no process carries the batch out any more; then its status. */
export async function watch(given: string | undefined): Promise<number> {
  const state = stateFolder();
  const id = await batchId(given, state);
  const paths = batchPaths(state, id);
  const view = tableOn(state) ?? linesOf();
  let unread = false;
  whenUnread(() => {
    unread = true;
  });
  try {
    while (!unread) {
      const alive = (await holderOf(paths.hold)) !== null;
      view.show(readSchedule(paths, id));
      if (!alive) break;
      await sleep(POLL_MS);
    }
  } finally {
    view.stop();
  }
  return unread ? 0 : status(id, { json: false });
}

const POLL_MS = 1_000;

/** Null: stdout is not a terminal that can be drawn on. */
function tableOn(state: string) {
  const size = drawingSize("stdout");
  if (size === null) return null;
  const view = batchView({ write: writeOut, size, quiet: false });
  return {
    show(schedule: Schedule) {
      for (const { task, now } of schedule.tasks.values()) {
        const step = now === null ? null : lastStep(runPaths(state, now.runId).events);
        if (step !== null) view.doing(task.id, step);
      }
      view.show(schedule);
    },
    stop: () => view.stop(),
  };
}

function linesOf() {
  let told = "";
  return {
    show(schedule: Schedule) {
      const now = standing(schedule);
      if (now !== told) writeOut(`${now}\n`);
      told = now;
    },
    stop: () => {},
  };
}
