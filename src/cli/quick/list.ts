import { realpathSync } from "node:fs";
import { inBatches } from "../../bounds/in-batches.ts";
import type { Inspected } from "../../broker/command/inspect-session.ts";
import { foldersIn, isSession } from "../../broker/store/session-paths.ts";
import { stateFault } from "../../files/state-fault.ts";
import { currentFolder, sessionsPath } from "../edge/folders.ts";
import { printAtOnce, writeErr } from "../edge/stdio.ts";
import { MOST_LISTED, moreText, sessionLine, sessionText } from "../output/session-text.ts";
import { orNull } from "./or-null.ts";
import { usualSession } from "./usual-session.ts";

/**
 * `codex_broker list`, and with `--all`. Null: there is a session that is out of the ordinary, or one whose work tree only git can tell,
 * or none; `broker/status.ts` says so.
 */
export async function list(flags: readonly string[]): Promise<number | null> {
  const all = flags.length === 1 && flags[0] === "--all";
  if (flags.length > 0 && !all) return null;
  return print(all, (sessions) => sessions.map(sessionLine).join(""));
}

/** `codex_broker status` without an id. Null: as above. */
export async function statusOfAll(): Promise<number | null> {
  return print(false, (sessions) => sessions.map((now) => sessionText(now)).join("\n"));
}

async function print(all: boolean, text: (sessions: readonly Inspected[]) => string): Promise<number | null> {
  const found = await orNull(() => usualSessions(all));
  if (found === null) return null;
  printAtOnce(text(found.sessions));
  if (found.more > 0) writeErr(moreText(found.more, all));
  return 0;
}

/** The newest ones, if each of them is as usual; and how many are older. */
async function usualSessions(all: boolean) {
  const root = sessionsPath();
  if (stateFault(root) !== null) return null;
  const folders = foldersIn(root);
  const newest = folders.slice(0, MOST_LISTED);
  if (newest.length === 0) return null;
  const here = realpathSync(currentFolder());
  const sessions = await inBatches(newest, async (folder) => {
    const now = isSession(folder) ? await usualSession(folder) : null;
    if (now === null || (!all && now.state.started_in !== here)) throw new Error("not the usual");
    return now;
  });
  return { sessions, more: folders.length - newest.length };
}
