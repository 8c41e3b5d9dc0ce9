import { existsSync } from "node:fs";
import { timeLimit } from "../../bounds/time-limit.ts";
import { stateOf } from "../../broker/command/inspect-session.ts";
import { sessionPaths } from "../../broker/store/session-paths.ts";
import { type CancelSignal, SIGNAL_EXIT_CODES, UsageError } from "../../errors.ts";
import { makePrivateFolder } from "../../files/write-whole.ts";
import { sameTreeAs } from "../../workspace/git/same-tree.ts";
import { here, sessionFrom } from "../command/session-place.ts";
import { rootFolder } from "../edge/folders.ts";
import { cancelOnSignals } from "../edge/signals.ts";
import { canDraw, terminal, whenUnread, writeErr, writeOut } from "../edge/stdio.ts";
import type { WatchOptions } from "../watch/sessions.ts";

/** `codex_broker watch`: a live view on a terminal, elsewhere a line for each change. */
export async function watch(ids: readonly string[], { all }: { readonly all: boolean }): Promise<number> {
  if (all && ids.length > 0) throw new UsageError("watch takes ids or --all, not both.");
  const folders: string[] = [];
  for (const id of ids) folders.push(await withState(await sessionFrom("watch", id)));
  const inTree = sameTreeAs(await here());
  const watching = {
    root: rootFolder(),
    folders: ids.length === 0 ? null : [...new Set(folders)],
    wanted: async ({ started_in }: { readonly started_in: string }) => all || ids.length > 0 || inTree(started_in),
  };
  const signal = cancelOnSignals();
  return canDraw("stdout") ? view(watching, signal) : lines(watching, signal);
}

/** A state file that was lost is made anew. A damaged one is shown as what it is. */
async function withState(folder: string): Promise<string> {
  await stateOf(sessionPaths(folder)).catch(() => null);
  return folder;
}

async function view(watching: WatchOptions, signal: AbortSignal): Promise<number> {
  const { WatchView } = await import("../watch/view.ts");
  const { WatchedSessions } = await import("../watch/sessions.ts");
  // There is nothing to see yet, but there will be.
  await makePrivateFolder(watching.root);
  const screen = new WatchView(terminal());
  const sessions = new WatchedSessions(watching, () => screen.changed());
  try {
    return await screen.run(sessions, signal);
  } finally {
    sessions.stop();
  }
}

async function lines(watching: WatchOptions, signal: AbortSignal): Promise<number> {
  const { PlainLines } = await import("../watch/plain.ts");
  const { WatchedSessions } = await import("../watch/sessions.ts");
  if (!existsSync(watching.root)) {
    writeErr(NONE);
    return 0;
  }
  // No one reads us any more: that ends it as well.
  const done = new AbortController();
  whenUnread(() => done.abort());
  const plain = new PlainLines(writeOut, timeLimit([signal, done.signal]).signal);
  const sessions = new WatchedSessions(watching, () => plain.look(sessions));
  try {
    await Promise.all([sessions.start(), plain.end]);
    if (sessions.all().length === 0 && !signal.aborted) writeErr(NONE);
  } finally {
    sessions.stop();
  }
  return signal.aborted ? SIGNAL_EXIT_CODES[signal.reason as CancelSignal] : 0;
}

const NONE = "[codex] There is no session to watch; --all looks into every work tree.\n";
