import { existsSync, type FSWatcher, watch } from "node:fs";
import { basename } from "node:path";
import { LONGEST_MS } from "../../bounds/time-limit.ts";
import { type Inspected, inspectSession, stateOf } from "../../broker/command/inspect-session.ts";
import { connectWorker, type WorkerConnection, WorkerGone } from "../../broker/socket/client.ts";
import { sessionStatus } from "../../broker/socket/protocol.ts";
import { SOCKET, sessionPaths } from "../../broker/store/session-paths.ts";
import { readStateFile, type StateFile } from "../../broker/store/state-file.ts";
import { Bell } from "../../broker/worker/bell.ts";
import { isErrno, messageOf } from "../../errors.ts";

/** A session as it was last seen. */
export type Watched = { readonly folder: string; readonly at: number } & (
  | { readonly type: "seen"; readonly now: Inspected }
  | { readonly type: "damaged"; readonly reason: string }
);

export interface SessionWatcher {
  /** Which sessions are looked at: the others' workers are left alone. */
  wanted(state: StateFile): Promise<boolean>;
  saw(watched: Watched): void;
  /** There is nothing to see for now. */
  sawNothing(): void;
}

/**
 * Follows a session until the signal comes, through all its workers: each reports what changes, and its folder shows when a worker comes
 * or the record changes. Resolves early when the session is not wanted, or is gone. Never rejects.
 */
export async function watchSession(folder: string, signal: AbortSignal, watcher: SessionWatcher): Promise<void> {
  const changed = new Bell();
  const paths = sessionPaths(folder);
  const names = [SOCKET, basename(paths.state)];
  signal.addEventListener("abort", () => changed.ring());
  let folderWatch: FSWatcher | null = null;
  try {
    // From before the first look: what changes meanwhile rings.
    folderWatch = watch(folder, (_, name) => {
      if (name === null || names.includes(name) || !existsSync(folder)) changed.ring();
    });
    folderWatch.on("error", () => changed.ring());
    while (!signal.aborted && existsSync(folder)) {
      const file = await readStateFile(paths.state);
      if (file.type === "valid" && !(await watcher.wanted(file.value))) return;
      // Without a state it is just being made, or removed: a look would write one.
      if (file.type === "absent") watcher.sawNothing();
      else await look(folder, signal, watcher);
      if (!signal.aborted) await changed.heard(LONGEST_MS);
    }
  } catch (error) {
    // It was removed, or cannot be watched.
    if (!isErrno(error, "ENOENT")) watcher.saw({ folder, at: Date.now(), type: "damaged", reason: messageOf(error) });
  } finally {
    folderWatch?.close();
    watcher.sawNothing();
  }
}

/** What its worker reports while there is one; then what the worker has left. */
async function look(folder: string, signal: AbortSignal, watcher: SessionWatcher): Promise<void> {
  const saw = (now: Inspected) => {
    if (!signal.aborted) watcher.saw({ folder, at: Date.now(), type: "seen", now });
  };
  try {
    const worker = await connectWorker(folder);
    if (worker !== null && (await listen(worker, signal, saw)) === "silent")
      return saw({ state: await stateOf(sessionPaths(folder)), live: null, worker: "silent", recovered: false });
    if (!signal.aborted) saw(await inspectSession(folder));
  } catch (error) {
    // Removed meanwhile; the loop sees that.
    if (!existsSync(folder) || signal.aborted) return;
    watcher.saw({ folder, at: Date.now(), type: "damaged", reason: messageOf(error) });
  }
}

async function listen(
  worker: WorkerConnection,
  signal: AbortSignal,
  saw: (now: Inspected) => void,
): Promise<"gone" | "silent"> {
  const close = () => worker.close();
  signal.addEventListener("abort", close);
  try {
    if (signal.aborted) return "gone";
    const take = (told: unknown) => {
      const parsed = sessionStatus.safeParse(told);
      if (parsed.success) saw({ ...parsed.data, worker: "alive", recovered: false });
    };
    worker.onPush(take);
    take(await worker.call({ type: "watch" }, sessionStatus));
    await worker.closed;
    return "gone";
  } catch (error) {
    if (!(error instanceof WorkerGone)) throw error;
    return error.silent ? "silent" : "gone";
  } finally {
    signal.removeEventListener("abort", close);
    worker.close();
  }
}
