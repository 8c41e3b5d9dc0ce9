import { readdirSync, realpathSync } from "node:fs";
import { join } from "node:path";
import type { ThreadRecord } from "../../ask/model/thread-record.ts";
import { usualRecord } from "../../ask/model/usual-record.ts";
import { readPlain } from "../../files/read-plain.ts";
import { stateFault } from "../../files/state-fault.ts";
import { MOST_LISTED, sessionLine } from "../ask/session-line.ts";
import { currentFolder, statePath } from "../edge/folders.ts";
import { mayBeTerminal, printAtOnce } from "../edge/stdio.ts";
import { orNull } from "./or-null.ts";

/**
 * `ask_codex sessions`, and with `--all`. Null: a record is out of the ordinary, or says that its run is at work, or its work tree is one
 * that only git knows, or there are none, or
 * more than are listed; `ask/sessions.ts` says so.
 */
export async function sessions(flags: readonly string[]): Promise<number | null> {
  const all = flags.length === 1 && flags[0] === "--all";
  if ((flags.length > 0 && !all) || mayBeTerminal()) return null;
  const found = await orNull(async () => usualRecords(all));
  if (found === null) return null;
  printAtOnce(found.map(sessionLine).join(""));
  return 0;
}

function usualRecords(all: boolean): readonly ThreadRecord[] | null {
  const state = statePath();
  if (stateFault(state) !== null) return null;
  const folder = join(state, "threads");
  const here = realpathSync(currentFolder());
  const names = readdirSync(folder).filter((file) => file.endsWith(".json"));
  if (names.length === 0 || names.length > MOST_LISTED) return null;
  const records: ThreadRecord[] = [];
  for (const name of names) {
    const record = usualRecord(JSON.parse(readPlain(join(folder, name))));
    if (record === null || record.last_status === "running" || (!all && record.workspace !== here)) return null;
    records.push(record);
  }
  return records.sort((a, b) => b.updated_at.localeCompare(a.updated_at));
}
