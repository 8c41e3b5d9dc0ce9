import { existsSync, lstatSync, readdirSync, statSync } from "node:fs";
import { sep } from "node:path";
import { isErrno, UsageError } from "../../errors.ts";
import { WORKER_SOCKET } from "../../process/worker-socket.ts";

const NAMES = {
  state: "state.json",
  events: "events.jsonl",
  activity: "activity.log",
  latest: "latest.md",
  stop: "stop.requested",
  queue: "queue",
  words: "words",
  runs: "runs",
  hold: "worker.hold",
  workerLog: "worker.log",
  snapshot: "snapshot",
  worktree: "worktree",
  /** The patch that `apply` has brought home. */
  applied: "applied.patch",
} as const;

/** One file of the session in a folder; see `sessionPaths`. Who looks at one of each of thousands of sessions makes no others. */
export function sessionFile(folder: string, file: keyof typeof NAMES): string {
  return `${folder}${sep}${NAMES[file]}`;
}

/** The files of one session. Its runs are below `runs`, as `runPaths(folder, runId)` has them. */
export function sessionPaths(folder: string) {
  return {
    folder,
    state: sessionFile(folder, "state"),
    events: sessionFile(folder, "events"),
    activity: sessionFile(folder, "activity"),
    latest: sessionFile(folder, "latest"),
    stop: sessionFile(folder, "stop"),
    queue: sessionFile(folder, "queue"),
    words: sessionFile(folder, "words"),
    runs: sessionFile(folder, "runs"),
    hold: sessionFile(folder, "hold"),
    workerLog: sessionFile(folder, "workerLog"),
    snapshot: sessionFile(folder, "snapshot"),
    worktree: sessionFile(folder, "worktree"),
    applied: sessionFile(folder, "applied"),
  };
}

export type SessionPaths = ReturnType<typeof sessionPaths>;

/** The worker's socket, relative to the session's folder: a path of its own may be longer than a socket's may be (104 bytes). */
export const SOCKET = WORKER_SOCKET;

/** The folders of all sessions, newest first; those of other users are not ours. */
export async function sessionFolders(root: string): Promise<readonly string[]> {
  return foldersIn(root).filter(isSession);
}

/** Whether one of `foldersIn` is a session of ours. Each look costs; most commands are about a few of thousands. */
export function isSession(folder: string): boolean {
  return hasBegun(folder) && isOwn(folder);
}

/** The folders of sessions that `start` was killed over. */
export async function unbegunFolders(root: string): Promise<readonly string[]> {
  return foldersIn(root).filter((folder) => !hasBegun(folder));
}

/** All folders that may be a session's, newest first: ids sort by time. */
export function foldersIn(root: string): readonly string[] {
  try {
    const entries = readdirSync(root, { withFileTypes: true });
    const folders = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith("."));
    const names = folders.map(({ name }) => name).sort();
    return names.reverse().map((name) => `${root}${sep}${name}`);
  } catch (error) {
    if (isErrno(error, "ENOENT")) return [];
    if (isErrno(error, "EACCES", "ENOTDIR"))
      throw new UsageError(
        `The sessions' folder cannot be read: ${root} (${error.code}).`,
        "Set ASK_CODEX_HOME or CODEX_BROKER_SESSION_ROOT to a folder of your own.",
      );
    throw error;
  }
}

/** What a `start` leaves that was killed before the session was on the disk is not a session: no one has its id. */
export function hasBegun(folder: string): boolean {
  try {
    const journal = statSync(sessionFile(folder, "events"), { throwIfNoEntry: false });
    return (journal?.size ?? 0) > 0 || existsSync(sessionFile(folder, "state"));
  } catch (error) {
    // Another user's: who reads it says so.
    if (isErrno(error, "EACCES", "EPERM")) return true;
    throw error;
  }
}

/** Whether a folder is ours. A missing one belongs to no one: reading it reports that. */
export function isOwn(folder: string): boolean {
  const uid = process.getuid?.();
  return uid === undefined || (lstatSync(folder, { throwIfNoEntry: false })?.uid ?? uid) === uid;
}
