import type { BatchWatcher } from "../../batch/run/context.ts";
import type { Schedule } from "../../batch/schedule/schedule.ts";
import { oneLine } from "../../text/defuse.ts";
import { standing, tableRows } from "./table.ts";

export interface BatchViewOptions {
  readonly write: (text: string) => void;
  /** Null: not a terminal that can be drawn on. */
  readonly size: (() => { readonly columns: number; readonly rows: number }) | null;
  readonly quiet: boolean;
}

export interface BatchView extends BatchWatcher {
  /** From now on this is what is shown. */
  show(schedule: Schedule): void;
  stop(): void;
}

// Long output is cut by who reads it: past this only heartbeats follow.
const LINES_BYTES = 4_000;
const HEARTBEAT_MS = 30_000;
const DRAW_MS = 250;

/** How a batch goes, on stderr: a table that is drawn anew on a terminal, elsewhere a line for what happens and a heartbeat. */
export function batchView({ write, size, quiet }: BatchViewOptions): BatchView {
  let schedule: Schedule | null = null;
  let drawn = 0;
  let bytes = 0;
  let due: NodeJS.Timeout | null = null;
  const doing = new Map<string, string>();
  const erase = () => {
    if (drawn > 0) write(`\u001b[${drawn}A\u001b[0J`);
    drawn = 0;
  };
  const draw = () => {
    due = null;
    if (schedule === null || size === null || quiet) return;
    const rows = tableRows(schedule, doing, size());
    erase();
    write(rows.map((row) => `${row}\n`).join(""));
    drawn = rows.length;
  };
  const changed = () => {
    if (size !== null && !quiet) due ??= setTimeout(draw, DRAW_MS);
  };
  const beat = setInterval(() => {
    if (schedule !== null && size === null && !quiet) write(`[codex] ${standing(schedule)}\n`);
    else changed();
  }, HEARTBEAT_MS);
  beat.unref();
  return {
    show(next) {
      schedule = next;
      changed();
    },
    changed,
    doing(id, line) {
      doing.set(id, line);
      changed();
    },
    say(line) {
      if (quiet || bytes > LINES_BYTES) return;
      const text = `[codex] ${oneLine(line, 300)}\n`;
      bytes += Buffer.byteLength(text);
      erase();
      write(text);
      changed();
    },
    stop() {
      clearInterval(beat);
      if (due !== null) clearTimeout(due);
      erase();
    },
  };
}
