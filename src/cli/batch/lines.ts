import { type BatchOutcome, filesOf, type TaskEnd } from "../../batch/run/outcome.ts";
import { oneLine } from "../../text/defuse.ts";
import { firstOf } from "../../text/words.ts";
import { lines } from "../output/value-lines.ts";

// A model reads it all; the report has what does not fit.
const MOST_BYTES = 4_000;

// Each is a try of a task that runs elsewhere, or did not end well there.
const MOST_MACHINES = 10;

/** What a batch came to, on stdout: keys, then a line a task. Where there is no room for all, those that are not clean come first. */
export function batchPairs(outcome: BatchOutcome, report: string | null): string {
  const { batchId, status, error, tasks, clean, tokens, landed, placed } = outcome;
  const head = lines([
    ["batch_id", batchId],
    ["output_path", report],
    ["status", status],
    ["error_kind", error?.kind ?? null],
    ["tasks", `${clean}/${tasks.length}`],
    ["tokens", tokens],
    ["branch", landed?.branch ?? null],
    ...placed
      .filter(({ state }) => state !== "done")
      .slice(0, MOST_MACHINES)
      .map(({ machine, task, state }): [string, string] => ["machine", `${machine} task=${task} state=${state}`]),
  ]);
  const told = tasks.map((task) => ({ task, line: taskLine(task) }));
  let room = MOST_BYTES - Buffer.byteLength(head) - 20;
  const chosen = new Set<TaskEnd>();
  for (const { task, line } of [...told.filter((one) => !one.task.clean), ...told.filter((one) => one.task.clean)]) {
    room -= Buffer.byteLength(line);
    if (room < 0) break;
    chosen.add(task);
  }
  const shown = told.filter(({ task }) => chosen.has(task)).map(({ line }) => line);
  const more = tasks.length - chosen.size;
  return head + shown.join("") + (more === 0 ? "" : `more_tasks=${more}\n`);
}

function taskLine({ id, status, applied, state }: TaskEnd): string {
  return `task=${id} status=${status} files=${filesOf(state) ?? "unknown"} applied=${applied}\n`;
}

/** The last lines on stderr: each kind of failure once, and what to do. */
export function closingWords({ failures, error, signal, batchId }: BatchOutcome): readonly string[] {
  const kinds = failures.slice(0, 10).map(({ kind, message, tasks }) => {
    return `[codex] ${kind} (${firstOf(tasks)}): ${oneLine(message, 200)}`;
  });
  const failed =
    error === null ? [] : [`[ERROR] ${error.kind}: ${oneLine(error.message, 300)}`, `[codex] ${error.hint}`];
  const stopped = signal === null ? [] : [`[codex] Ended by ${signal}; go on with --resume ${batchId}`];
  return [...kinds, ...failed, ...stopped];
}
