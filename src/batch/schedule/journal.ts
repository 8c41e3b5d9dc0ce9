import { join } from "node:path";
import { AskCodexError, isErrno, UsageError } from "../../errors.ts";
import { openJournal } from "../../files/journal.ts";
import { readPlain } from "../../files/read-plain.ts";
import { SAFE_ID } from "../../files/state-paths.ts";
import { type BatchEvent, type BatchEventType, type PayloadOf, parseBatchEvent } from "./event.ts";
import { newSchedule, type Schedule } from "./schedule.ts";

/**
 * The files of a batch.
 * @throws UsageError for what is not the id of one
 */
export function batchPaths(state: string, id: string) {
  if (!SAFE_ID.test(id)) throw noBatch(id);
  const folder = join(state, "batches", id);
  return {
    folder,
    events: join(folder, "events.jsonl"),
    report: join(folder, "report.md"),
    result: join(folder, "result.json"),
    hold: join(folder, "coordinator"),
    patches: join(folder, "patches"),
    conflicts: join(folder, "conflicts"),
    work: join(folder, "work"),
    /** The worktree in which all results are checked together. By the batch's name: a later process finds what a killed one left. */
    checkTree: join(state, "worktrees", id),
  };
}

export type BatchPaths = ReturnType<typeof batchPaths>;

/** A batch's journal, opened by the one process that may write it, and the schedule that follows from it. */
export interface BatchLog {
  readonly schedule: Schedule;
  /** Journals what happened: it is on the disk when this returns, and applied. */
  record<Type extends BatchEventType>(type: Type, payload: PayloadOf<Type>): void;
  close(): void;
}

/** Begins a journal. */
export function beginLog(paths: BatchPaths, begun: PayloadOf<"batch_started">): BatchLog {
  const journal = openJournal(paths.events, { durable: true });
  const { timestamp } = journal.append("batch_started", begun);
  return logOf(journal, newSchedule(begun, timestamp));
}

/** Goes on with a journal. The caller holds the batch. */
export function continueLog(paths: BatchPaths, id: string): BatchLog {
  const schedule = readSchedule(paths, id);
  return logOf(openJournal(paths.events, { durable: true }), schedule);
}

/**
 * What a journal says.
 * @throws UsageError when there is none
 */
export function readSchedule(paths: Pick<BatchPaths, "events">, id: string): Schedule {
  return scheduleFrom(readText(paths.events, id), paths.events);
}

/** What the text of a journal says; `from` is where it lies. */
export function scheduleFrom(text: string, from: string): Schedule {
  // A last line that was cut off was never acted on.
  const [first, ...events] = text.split("\n").flatMap((json) => (json === "" ? [] : (parseBatchEvent(json) ?? [])));
  if (first?.type !== "batch_started") {
    const hint = "The file is kept as it is; start a new batch.";
    throw new AskCodexError("internal", `the batch's journal cannot be read: ${from}`, { hint });
  }
  const schedule = newSchedule(first.payload, first.timestamp);
  for (const event of events) schedule.apply(event);
  return schedule;
}

function readText(path: string, id: string): string {
  try {
    return readPlain(path);
  } catch (error) {
    if (!isErrno(error, "ENOENT", "ENOTDIR")) throw error;
    throw noBatch(id);
  }
}

function noBatch(id: string): UsageError {
  return new UsageError(`There is no batch ${id}.`, "ask_codex batch status shows the last one.");
}

function logOf(journal: ReturnType<typeof openJournal>, schedule: Schedule): BatchLog {
  return {
    schedule,
    record(type, payload) {
      const event = journal.append(type, payload as Readonly<Record<string, unknown>>);
      schedule.apply(event as BatchEvent);
    },
    close: () => journal.close(),
  };
}
