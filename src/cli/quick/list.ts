import { realpathSync } from "node:fs";
import { inBatches } from "../../bounds/in-batches.ts";
import type { Inspected } from "../../broker/command/inspect-session.ts";
import { sessionFolders } from "../../broker/store/session-paths.ts";
import { stateFault } from "../../files/state-fault.ts";
import { currentFolder, sessionsPath } from "../edge/folders.ts";
import { printAtOnce } from "../edge/stdio.ts";
import { MOST_LISTED, sessionLine } from "../output/session-text.ts";
import { orNull } from "./or-null.ts";
import { usualSession } from "./usual-session.ts";

/**
 * `codex_broker list`, and with `--all`. Null: there is a session that is out of the ordinary, or one whose work tree only git knows,
 * or more than are listed, or none; `broker/status.ts` says so.
 */
export async function list(flags: readonly string[]): Promise<number | null> {
  const all = flags.length === 1 && flags[0] === "--all";
  if (flags.length > 0 && !all) return null;
  const found = await orNull(() => usualSessions(all));
  if (found === null) return null;
  printAtOnce(found.map(sessionLine).join(""));
  return 0;
}

async function usualSessions(all: boolean): Promise<readonly Inspected[] | null> {
  const root = sessionsPath();
  if (stateFault(root) !== null) return null;
  const folders = await sessionFolders(root);
  if (folders.length === 0 || folders.length > MOST_LISTED) return null;
  const here = realpathSync(currentFolder());
  return inBatches(folders, async (folder) => {
    const now = await usualSession(folder);
    if (now === null || (!all && now.state.started_in !== here)) throw new Error("not the usual");
    return now;
  });
}
