import { join, sep } from "node:path";
import { WORKER_SOCKET } from "../../process/worker-socket.ts";

/** The folder that holds every session: $CODEX_BROKER_SESSION_ROOT, else `sessions` in the state folder. */
export function sessionsRoot(env: Readonly<Record<string, string | undefined>>, state: string): string {
  return env["CODEX_BROKER_SESSION_ROOT"] || join(state, "sessions");
}

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
