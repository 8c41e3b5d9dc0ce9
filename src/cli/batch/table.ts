import type { Schedule } from "../../batch/schedule/schedule.ts";
import { counts } from "../../batch/schedule/task-state.ts";
import { oneLine } from "../../text/defuse.ts";
import { piece, toText } from "../output/styled-text.ts";

/** How far a batch is, in a line: `7/50 clean, 3 running (a, b, c), 40 waiting`. */
export function standing({ tasks }: Schedule): string {
  const all = [...tasks.values()];
  const running = all.filter(({ phase }) => phase === "running").map(({ task }) => task.id);
  const waiting = all.filter(({ phase }) => phase === "waiting").length;
  const over = all.filter((state) => !counts(state) && ["ended", "interrupted"].includes(state.phase)).length;
  const names = running.length === 0 ? "" : ` (${running.slice(0, 5).join(", ")}${running.length > 5 ? ", …" : ""})`;
  const parts = [
    `${running.length} running${names}`,
    `${waiting} waiting`,
    ...(over === 0 ? [] : [`${over} not clean`]),
  ];
  return `${all.filter(counts).length}/${all.length} clean, ${parts.join(", ")}`;
}

/** A row for each task that runs, and how far all of them are; as many rows as fit, none wider than the terminal. */
export function tableRows(
  schedule: Schedule,
  doing: ReadonlyMap<string, string>,
  size: { readonly columns: number; readonly rows: number },
): readonly string[] {
  const running = [...schedule.tasks.values()].filter(({ phase }) => phase === "running");
  const shown = running.slice(0, Math.max(0, size.rows - 2));
  const width = Math.max(0, ...shown.map(({ task }) => task.id.length));
  const rows = shown.map(({ task, tries, now }) => {
    const machine = schedule.placements.get(now?.runId ?? "")?.machine;
    const again = (machine === undefined ? "" : `on ${machine}: `) + (tries > 1 ? `(try ${tries}) ` : "");
    return `  ${task.id.padEnd(width)}  ${again}${oneLine(doing.get(task.id) ?? "starting", 300)}`;
  });
  const room = Math.max(20, size.columns - 1);
  return [`batch ${schedule.begun.batch_id}: ${standing(schedule)}`, ...rows].map((row) =>
    toText([piece(row)], room, (_, text) => text),
  );
}
