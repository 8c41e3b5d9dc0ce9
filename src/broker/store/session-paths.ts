import { join } from "node:path";
import { WORKER_SOCKET } from "../../process/worker-socket.ts";

/** The folder that holds every session: $CODEX_BROKER_SESSION_ROOT, else `sessions` in the state folder. */
export function sessionsRoot(env: Readonly<Record<string, string | undefined>>, state: string): string {
  return env["CODEX_BROKER_SESSION_ROOT"] || join(state, "sessions");
}

/** The files of one session. Its runs are below `runs`, as `runPaths(folder, runId)` has them. */
export function sessionPaths(folder: string) {
  return {
    folder,
    state: join(folder, "state.json"),
    events: join(folder, "events.jsonl"),
    activity: join(folder, "activity.log"),
    latest: join(folder, "latest.md"),
    stop: join(folder, "stop.requested"),
    queue: join(folder, "queue"),
    words: join(folder, "words"),
    runs: join(folder, "runs"),
    hold: join(folder, "worker.hold"),
    workerLog: join(folder, "worker.log"),
    snapshot: join(folder, "snapshot"),
    worktree: join(folder, "worktree"),
    /** The patch that `apply` has brought home. */
    applied: join(folder, "applied.patch"),
  };
}

export type SessionPaths = ReturnType<typeof sessionPaths>;

/** The worker's socket, relative to the session's folder: a path of its own may be longer than a socket's may be (104 bytes). */
export const SOCKET = WORKER_SOCKET;
