import { setTimeout as sleep } from "node:timers/promises";
import type { Schedule } from "../../batch/schedule/schedule.ts";
import { runPaths } from "../../files/state-paths.ts";
import type { QueueLook } from "../../fleet/coordinator/look.ts";
import { stateFolder } from "../edge/folders.ts";
import { drawingSize, whenUnread, writeOut } from "../edge/stdio.ts";
import type { QueueFlags } from "../fleet/queue-options.ts";
import { lastStep } from "./last-step.ts";
import { type BatchSight, lookAtBatch } from "./sight.ts";
import { printStatus } from "./status.ts";
import { standing } from "./table.ts";
import { batchView } from "./view.ts";

/** `ask_codex batch watch`: a table on a terminal, elsewhere a line for each change, until no process carries the batch out any more; then its status. */
export async function watch(given: string | undefined, flags: QueueFlags): Promise<number> {
  await lookAtBatch(given, flags, follow);
  return 0;
}

async function follow(sight: BatchSight): Promise<void> {
  const view = tableOn(stateFolder()) ?? linesOf();
  let unread = false;
  whenUnread(() => {
    unread = true;
  });
  try {
    while (!unread) {
      const alive = await sight.isAlive();
      const schedule = await sight.schedule();
      // A batch of another machine has ended when the queue has nothing of it any more.
      if (schedule === null) return;
      // What its journal says runs, runs no more.
      if (alive === false && schedule.finished === null) break;
      view.show(schedule, await seenOnQueue(sight));
      if (alive === false) break;
      await sleep(POLL_MS);
    }
  } finally {
    view.stop();
  }
  if (!unread) await printStatus(sight, false);
}

const POLL_MS = 1_000;

interface Seen {
  readonly look: QueueLook | null;
  readonly lines: readonly string[];
}

async function seenOnQueue({ window }: BatchSight): Promise<Seen> {
  if (window === null) return { look: null, lines: [] };
  const { queueLines } = await import("../fleet/queue-status.ts");
  const look = await window.look();
  return { look, lines: queueLines(look).split("\n").slice(0, -1) };
}

/** Null: stdout is not a terminal that can be drawn on. */
function tableOn(state: string) {
  const size = drawingSize("stdout");
  if (size === null) return null;
  const view = batchView({ write: writeOut, size, quiet: false });
  return {
    show(schedule: Schedule, { look }: Seen) {
      for (const { task, now } of schedule.tasks.values()) {
        const step = now === null ? null : lastStep(runPaths(state, now.runId).events);
        if (step !== null) view.doing(task.id, step);
      }
      for (const { task, worker, doing } of look?.leases ?? [])
        if (worker !== null) view.doing(task, `${worker}: ${doing}`);
      view.show(schedule);
    },
    stop: () => view.stop(),
  };
}

function linesOf() {
  let told: readonly string[] = [];
  return {
    show(schedule: Schedule, { look, lines }: Seen) {
      // While the server does not answer, who has left is not known.
      const before = look === null ? told.filter((line) => !/^queue=|^\d/.test(line)) : [];
      const now = [standing(schedule), ...lines, ...before];
      for (const line of now) if (!told.includes(line)) writeOut(`${line}\n`);
      const workers = workersIn(now);
      for (const worker of workersIn(told)) if (!workers.includes(worker)) writeOut(`gone=${worker}\n`);
      told = now;
    },
    stop: () => {},
  };
}

const workersIn = (lines: readonly string[]) => lines.flatMap((line) => /^worker=(\S+)/.exec(line)?.[1] ?? []);
