import { rm } from "node:fs/promises";
import { join } from "node:path";
import { inBatches } from "../../bounds/in-batches.ts";
import { EXIT_CODES } from "../../errors.ts";
import { exists } from "../../files/look.ts";
import { readPlainOr } from "../../files/read-plain.ts";
import { runPaths } from "../../files/state-paths.ts";
import { writeWhole } from "../../files/write-whole.ts";
import { endProcesses, processesMarked } from "../../process/end-processes.ts";
import { RUN_MARKER } from "../../process/run-marker.ts";
import { interruptedReport } from "../store/interrupted-report.ts";
import { readQueue } from "../store/message.ts";
import type { SessionLog } from "../store/session-log.ts";
import type { SessionPaths } from "../store/session-paths.ts";
import { recoverDelegations } from "./recover-delegations.ts";

/**
 * Puts a session in order whose worker has died: what it was doing is journaled as interrupted, what it left running is ended, and
 * what waits goes on waiting. The caller holds the session.
 */
export async function recover(log: SessionLog, paths: SessionPaths): Promise<void> {
  await endProcesses(await processesMarked(RUN_MARKER, log.state.brokerId));
  // Git may have been in the middle of it.
  await rm(paths.snapshot, { recursive: true, force: true });
  const questions = await recoverDelegations(log);
  // What brought results together is of no use to anyone else.
  await rm(join(paths.folder, "together"), { recursive: true, force: true }).catch(() => {});
  const { run, steering, workerPid } = log.state;
  if (run !== null) {
    const report = runPaths(paths.folder, run.runId).report;
    await reportInterrupted(paths, run.runId, report);
    log.record("run_finished", {
      run_id: run.runId,
      status: "interrupted",
      output_path: report,
      exit_code: EXIT_CODES.failed,
      message_id: run.messageId,
      error_kind: "worker_lost",
      questions: [...questions],
      // Nothing runs on by itself before a person has looked.
      queue_held: true,
      unanswered: false,
    });
    log.say(`Run ${run.runId} was interrupted: the worker died`);
  }
  for (const message_id of steering) log.record("message_interrupted", { message_id });
  if (workerPid !== null) log.record("worker_stopped", { reason: "died" });
  const { waiting } = readQueue(paths.queue);
  const over = waiting.filter(({ message_id }) => log.state.settled.has(message_id));
  await inBatches(over, ({ file }) => rm(file, { force: true }));
}

/** True when the journal has something that only a living worker can have under way. */
export function needsRecovery({ run, steering, workerPid }: SessionLog["state"]): boolean {
  return run !== null || steering.size > 0 || workerPid !== null;
}

/** The run's own report, if it got that far; else what its journal has. */
async function reportInterrupted(paths: SessionPaths, runId: string, report: string): Promise<void> {
  const { folder, events } = runPaths(paths.folder, runId);
  if (!(await exists(report))) {
    const journal = readPlainOr(events, "");
    await writeWhole(join(folder, "report.md"), interruptedReport(journal)).catch(() => {});
  }
  const text = readPlainOr(report, null);
  if (text !== null) await writeWhole(paths.latest, text).catch(() => {});
}
